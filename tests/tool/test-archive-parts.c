/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Archives: shares, balance, work lists, records, which of them count, where to cut. */
#include <math.h>
#include <string.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "balance.h"
#include "cut.h"
#include "format.h"
#include "ledger.h"
#include "shard-file.h"

/* Shares */

static void
check_share (const char *text, gboolean is_right, guint index, guint count)
{
  ToolShare share = { 0 };

  g_assert_cmpint (tool_share_parse (text, &share), ==, is_right);
  if (!is_right)
    return;
  g_assert_cmpuint (share.index, ==, index);
  g_assert_cmpuint (share.count, ==, count);
}

static void
test_share (void)
{
  check_share ("0/1", TRUE, 0, 1);
  check_share ("7/8", TRUE, 7, 8);
  check_share ("8/8", FALSE, 0, 0);
  check_share ("0/0", FALSE, 0, 0);
  check_share ("1", FALSE, 0, 0);
  check_share ("-1/8", FALSE, 0, 0);
  check_share ("1/8 ", FALSE, 0, 0);
  check_share ("/", FALSE, 0, 0);
  check_share ("1/99999999999", FALSE, 0, 0);
  check_share ("7/1000000", TRUE, 7, 1000000);
  check_share ("7/1000001", FALSE, 0, 0);
}

static const char *const variables[] = { "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT",
  "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX", "SLURM_ARRAY_TASK_STEP", "JOB_COMPLETION_INDEX",
  "JOB_COMPLETION_COUNT" };

/* @values: [G_N_ELEMENTS (variables)] (nullable). @expected: (nullable): %NULL: an error */
static void
check_environment (const char *const *values, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *actual = NULL;
  ToolShare share;
  gboolean is_right;

  for (guint i = 0; i < G_N_ELEMENTS (variables); i++) {
    if (values[i])
      g_setenv (variables[i], values[i], TRUE);
    else
      g_unsetenv (variables[i]);
  }
  is_right = tool_share_from_environment (&share, &error);
  g_assert_cmpint (is_right, ==, expected != NULL);
  g_assert_cmpint (is_right, ==, error == NULL);
  if (!is_right)
    return;
  actual = g_strdup_printf ("%" TOOL_SHARE_FORMAT, share.index, share.count);
  g_assert_cmpstr (actual, ==, expected);
}

#define CHECK_ENVIRONMENT(expected, ...)                                                           \
  check_environment ((const char *const[7]){ __VA_ARGS__ }, expected)

static void
test_environment (void)
{
  CHECK_ENVIRONMENT ("0/1", NULL);
  CHECK_ENVIRONMENT ("3/8", "3", "8", "0", "7", "1");
  CHECK_ENVIRONMENT ("3/8", "4", "8", "1", "8", "1");
  CHECK_ENVIRONMENT ("2/4", "105", "4", "101", "107", "2");
  CHECK_ENVIRONMENT ("3/8", "3", "8");
  CHECK_ENVIRONMENT (NULL, "1", "3", "1", "7", "1"); /* --array=1,5,7 */
  CHECK_ENVIRONMENT (NULL, "5", "3", "1", "7", "1");
  CHECK_ENVIRONMENT (NULL, "104", "4", "101", "107", "2");
  CHECK_ENVIRONMENT (NULL, "9", "8", "0", "7", "1");
  CHECK_ENVIRONMENT (NULL, "3");
  CHECK_ENVIRONMENT (NULL, "three", "8");
  CHECK_ENVIRONMENT ("2/5", NULL, NULL, NULL, NULL, NULL, "2", "5");
  CHECK_ENVIRONMENT (NULL, NULL, NULL, NULL, NULL, NULL, "2");
  CHECK_ENVIRONMENT (NULL, NULL, NULL, NULL, NULL, NULL, "5", "5");
  CHECK_ENVIRONMENT ("0/1", NULL);
}

/* Balance */

static void
test_balance (void)
{
  const double weights[] = { 1, 1, 7, 2, 3, 3, 4 };
  const guint expected[] = { 1, 2, 0, 1, 2, 2, 1 };
  const double nothing[] = { 0, 0, 0, 0 };
  guint workers[7];

  tool_balance (weights, 7, 3, workers);
  g_assert_cmpmem (workers, sizeof workers, expected, sizeof expected);
  tool_balance (nothing, 4, 2, workers);
  g_assert_cmpuint (workers[0] + workers[1] + workers[2] + workers[3], ==, 2);
}

/* No worker has more than the one with least, plus one item. */
static void
test_balance_random (void)
{
  enum { N_ITEMS = 1000, N_WORKERS = 17 };
  double weights[N_ITEMS], loads[N_WORKERS] = { 0 }, least = G_MAXDOUBLE, most = 0, largest = 0;
  guint workers[N_ITEMS];

  for (guint i = 0; i < N_ITEMS; i++) {
    weights[i] = g_test_rand_double_range (0, 100);
    largest = MAX (largest, weights[i]);
  }
  tool_balance (weights, N_ITEMS, N_WORKERS, workers);
  for (guint i = 0; i < N_ITEMS; i++)
    loads[workers[i]] += weights[i];
  for (guint i = 0; i < N_WORKERS; i++) {
    least = MIN (least, loads[i]);
    most = MAX (most, loads[i]);
  }
  g_assert_cmpfloat (most - least, <=, largest);
}

/* Records */

static ToolUtterance *
make_utterance (void)
{
  ToolUtterance *utterance = tool_utterance_new ();
  ToolAlternative *alternative = g_new (ToolAlternative, 1);

  *alternative = (ToolAlternative){ g_strdup ("a\"c"), 1.0 / 3 };
  utterance->text = g_strdup ("é \"utterances\": [ \\");
  utterance->confidence = 0.1;
  utterance->start = 2010000000; /* a little less in binary */
  utterance->end = 36000000000001;
  utterance->end_reason = g_strdup ("silence");
  utterance->is_rejected = TRUE;
  g_ptr_array_add (
      utterance->words, tool_word_new ("é", 2.0 / 3, 123456789012345, 123456789012347));
  g_ptr_array_add (utterance->alternatives, alternative);
  g_ptr_array_add (utterance->tags, g_strdup ("go"));
  return utterance;
}

/* @n_utterances: all alike */
static void
fill_record (ToolRecord *record, guint n_utterances)
{
  *record = (ToolRecord){ g_strdup ("a\302\205, \"utterances\": [ b.wav"), 81244, 1732750000,
    { 2, 7 }, 2.5, g_strdup ("\"this\""), g_strdup ("no \"reason\""), NULL };
  record->utterances = g_ptr_array_new_with_free_func ((GDestroyNotify) tool_utterance_free);
  for (guint i = 0; i < n_utterances; i++)
    g_ptr_array_add (record->utterances, make_utterance ());
}

static void
check_head (const ToolRecord *head)
{
  g_assert_cmpstr (head->file, ==, "a\302\205, \"utterances\": [ b.wav");
  g_assert_cmpint (head->size, ==, 81244);
  g_assert_cmpint (head->mtime, ==, 1732750000);
  g_assert_cmpuint (head->part.index, ==, 2);
  g_assert_cmpuint (head->part.count, ==, 7);
  g_assert_cmpfloat (head->seconds, ==, 2.5);
  g_assert_cmpstr (head->by, ==, "\"this\"");
  g_assert_cmpstr (head->error, ==, "no \"reason\"");
}

/* What is read is what was written, to the last bit, so every format of it is, too. */
static void
test_record (void)
{
  g_auto (ToolRecord) record = { 0 }, head = { 0 }, again = { 0 };
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GString) second = g_string_new (NULL);

  fill_record (&record, 2);
  tool_record_append (line, &record);
  g_assert_true (strchr (line->str, '\n') == line->str + line->len - 1);
  g_string_truncate (line, line->len - 1);
  g_assert_true (tool_record_parse_head (line->str, line->len, &head));
  check_head (&head);
  g_assert_true (tool_record_parse (line->str, line->len, &again));
  check_head (&again);
  tool_record_append (second, &again);
  g_string_truncate (second, second->len - 1);
  g_assert_cmpstr (second->str, ==, line->str);
}

static void
test_record_bad (void)
{
  static const char *const lines[] = { "", "{", "[]", "{ \"file\": \"a\" }",
    "{ \"file\": \"a\", \"utterances\": [ ", "{ \"size\": 1, \"utterances\": [ ] }",
    "{ \"file\": \"a\", \"part\": \"3/3\", \"utterances\": [ ] }" };
  static const char *const two[] = { "{ \"file\": \"a\", \"utterances\": [ ] } { \"x\": [ ] }",
    "1 { \"file\": \"a\", \"utterances\": [ ] }" };
  g_auto (ToolRecord) first = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_auto (ToolRecord) head = { 0 }, record = { 0 };

    g_assert_false (tool_record_parse_head (lines[i], strlen (lines[i]), &head));
    g_assert_false (tool_record_parse (lines[i], strlen (lines[i]), &record));
  }
  for (guint i = 0; i < G_N_ELEMENTS (two); i++)
    g_assert_false (tool_record_parse (two[i], strlen (two[i]), &first));
}

/* @value: what nothing in a record can be. Returns: (transfer full): the only utterance of the record */
static ToolUtterance *
read_utterance (const char *value)
{
  g_autofree char *line = g_strdup_printf (
      "{ \"file\": \"a\", \"seconds\": %s, \"utterances\": [ { \"start\": %s, \"end\": -1,"
      " \"text\": \"a\\u001b[2J\\u009b\", \"confidence\": %s } ] }",
      value, value, value);
  g_auto (ToolRecord) record = { 0 };

  g_assert_true (tool_record_parse (line, strlen (line), &record));
  g_assert_true (isfinite (record.seconds));
  g_assert_cmpuint (record.utterances->len, ==, 1);
  return g_ptr_array_steal_index (record.utterances, 0);
}

/* Numbers that are none would be no JSON any more, and the terminal obeys what is in texts. */
static void
test_record_nonsense (void)
{
  static const char *const values[] = { "1e400", "-1e400", "1e300", "-1e300", "1e12", "\"x\"",
    "[]" };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autoptr (ToolUtterance) utterance = read_utterance (values[i]);

    g_assert_true (utterance->confidence >= 0 && utterance->confidence <= 1);
    g_assert_cmpuint (utterance->start, <=, utterance->end);
    g_assert_cmpuint (utterance->end, <=, G_MAXINT64);
    g_assert_cmpstr (utterance->text, ==, "a [2J  ");
  }
}

/* Half a surrogate pair is no UTF-8. */
static void
test_record_surrogate (void)
{
  static const char line[] =
      "{ \"file\": \"a\\udddd b\", \"error\": \"\\udddd b\", \"utterances\": [ {"
      " \"text\": \"\\udddd b\", \"tags\": [ \"\\udddd b\" ] } ] }";
  g_auto (ToolRecord) record = { 0 };
  g_autoptr (GString) again = g_string_new (NULL);

  if (!tool_record_parse (line, strlen (line), &record))
    return; /* a later version of the parser, which refuses it */
  tool_record_append (again, &record);
  g_assert_true (g_utf8_validate (again->str, again->len, NULL));
}

/* The parser calls itself for each level. */
static void
test_record_deep (void)
{
  enum { DEPTH = 1000000 };
  g_autofree char *open = g_strnfill (DEPTH, '[');
  g_autofree char *close = g_strnfill (DEPTH, ']');
  g_autofree char *in_head =
      g_strdup_printf ("{ \"file\": \"a\", \"x\": %s%s, \"utterances\": [ ] }", open, close);
  g_autofree char *behind =
      g_strdup_printf ("{ \"file\": \"a\", \"utterances\": [ %s%s ] }", open, close);
  g_autofree char *commented =
      g_strdup_printf ("{ /*\"*/ \"file\": \"a\", \"utterances\": [ %s%s ] }", open, close);
  ToolRecord record;

  g_assert_false (tool_record_parse_head (in_head, strlen (in_head), &record));
  g_assert_false (tool_record_parse (in_head, strlen (in_head), &record));
  g_assert_false (tool_record_parse (behind, strlen (behind), &record));
  g_assert_false (tool_record_parse (commented, strlen (commented), &record));
}

/* Shard files */

static void
count_record (const ToolRecord *head, gint64 start, gpointer data)
{
  (*(guint *) data)++;
}

/* What a crash left behind the last whole record is cut off; two writers at once are one too many. */
static void
test_shard_file (void)
{
  g_autofree char *dir = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = tool_shard_file_get_path (dir, (ToolShare){ 0, 1 });
  g_autofree char *whole = NULL, *torn = NULL, *after = NULL;
  g_auto (ToolRecord) record = { 0 };
  g_autoptr (GError) error = NULL;
  ToolShardFile *file;
  gsize length;
  guint n_found = 0;

  fill_record (&record, 1);
  file = tool_shard_file_open (path, count_record, &n_found, &error);
  g_assert_no_error (error);
  g_assert_null (tool_shard_file_open (path, count_record, &n_found, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_error (&error);
  for (guint i = 0; i < 3; i++)
    g_assert_true (tool_shard_file_append (file, &record, &error));
  g_assert_true (tool_shard_file_close (file, &error));
  g_assert_true (g_file_get_contents (path, &whole, &length, &error));

  /* The last record lacks its second half. */
  torn = g_strndup (whole, length - length / 6);
  g_assert_true (g_file_set_contents (path, torn, -1, &error));
  file = tool_shard_file_open (path, count_record, &n_found, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_found, ==, 2);
  g_assert_true (tool_shard_file_append (file, &record, &error));
  g_assert_true (tool_shard_file_close (file, &error));
  g_assert_true (g_file_get_contents (path, &after, NULL, &error));
  g_assert_cmpstr (after, ==, whole);
  g_unlink (path);
  g_rmdir (dir);
}

/* The work list */

/* Returns: (transfer full): recordings of @seconds each, "0.wav" … */
static GPtrArray *
make_inputs (guint n_inputs, double seconds)
{
  GPtrArray *inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) tool_input_free);

  for (guint i = 0; i < n_inputs; i++) {
    g_autofree char *name = g_strdup_printf ("%u.wav", i);
    ToolInput *input = tool_input_new_file (name, name);

    input->seconds = seconds;
    g_ptr_array_add (inputs, input);
  }
  return inputs;
}

static void
test_work_list (void)
{
  g_autofree char *dir = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = tool_work_list_get_path (dir);
  g_autoptr (GPtrArray) inputs = make_inputs (3, 25);
  g_autoptr (GPtrArray) list = NULL, all = NULL, shard = NULL;
  g_autoptr (GError) error = NULL;
  const ToolWork *work;

  list = tool_work_list_plan (inputs, 10, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (list->len, ==, 9);
  tool_work_list_deal (list, 4);
  g_assert_true (tool_work_list_write (list, dir, &error));

  all = tool_work_list_read (dir, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (all->len, ==, 9);
  work = g_ptr_array_index (all, 5);
  g_assert_cmpstr (work->input->path, ==, "1.wav");
  g_assert_cmpuint (work->part.index, ==, 2);
  g_assert_cmpuint (work->part.count, ==, 3);
  shard = tool_work_list_read (dir, &(const ToolShare){ 0, 4 }, &error);
  g_assert_cmpuint (shard->len, ==, 3);
  g_assert_null (tool_work_list_read (dir, &(const ToolShare){ 0, 3 }, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_unlink (path);
  g_rmdir (dir);
}

static void
check_refused (GPtrArray *inputs, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (tool_work_list_plan (inputs, 0, &error));
  g_assert_error (error, G_IO_ERROR, code);
}

static void
test_work_list_refused (void)
{
  g_autoptr (GPtrArray) twice = make_inputs (2, 1);
  g_autoptr (GPtrArray) tab = make_inputs (1, 1);
  g_autoptr (GPtrArray) none = make_inputs (1, 1);

  g_ptr_array_add (twice, tool_input_new_file ("0.wav", "0.wav"));
  check_refused (twice, G_IO_ERROR_EXISTS);
  g_ptr_array_add (tab, tool_input_new_file ("a\tb.wav", "a\tb.wav"));
  check_refused (tab, G_IO_ERROR_INVALID_FILENAME);
  g_ptr_array_add (none, tool_input_new_file ("a/..", ".."));
  check_refused (none, G_IO_ERROR_INVALID_FILENAME);
}

/* Returns: whether a work list of this line is read */
static gboolean
is_read (const char *line)
{
  g_autofree char *dir = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = tool_work_list_get_path (dir);
  g_autofree char *text = g_strdup_printf ("path\tname\tseconds\tpart\tshard\n%s\n", line);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) list = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  list = tool_work_list_read (dir, NULL, &error);
  g_unlink (path);
  g_rmdir (dir);
  g_assert_true (list || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA));
  return list != NULL;
}

/* A work list comes from wherever the archive comes from. */
static void
test_work_list_hostile (void)
{
  static const char *const lines[] = { "a\ta\t1\t0/1", "\ta\t1\t0/1\t0/1", "a\t\t1\t0/1\t0/1",
    "a\ta\tx\t0/1\t0/1", "a\ta\t-1\t0/1\t0/1", "a\ta\tnan\t0/1\t0/1", "a\ta\t1e300\t0/1\t0/1",
    "a\ta\t\t0/1\t0/1", "a\ta\t1\t0/1\t0/4294967295", "a\ta\t1\t0/4294967295\t0/1",
    "a\t../a\t1\t0/1\t0/1", "a\tb/../../a\t1\t0/1\t0/1", "a\t/a\t1\t0/1\t0/1",
    "a\t..\t1\t0/1\t0/1" };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    g_assert_false (is_read (lines[i]));
  g_assert_true (is_read ("../a\tb..c/..a\t1.5\t0/1\t0/1"));
}

/* Nothing is cut into millions of parts because its header says that it goes on for years. */
static void
test_work_list_endless (void)
{
  static const double seconds[] = { 1e9, 1e300 };

  for (guint i = 0; i < G_N_ELEMENTS (seconds); i++) {
    g_autoptr (GPtrArray) inputs = make_inputs (1, seconds[i]);
    g_autoptr (GPtrArray) list = tool_work_list_plan (inputs, 10, NULL);

    g_assert_cmpuint (list->len, ==, 1);
  }
}

/* Which records count */

static void
add_record (ToolLedger *ledger, const char *file, gint64 mtime, const char *problem, gint64 start)
{
  const ToolRecord head = {
    .file = (char *) file, .size = 1, .mtime = mtime, .part = { 0, 1 }, .error = (char *) problem
  };

  tool_ledger_add (&head, start, ledger);
}

static void
test_ledger (void)
{
  g_autoptr (GPtrArray) inputs = make_inputs (4, 1);
  g_autoptr (GPtrArray) list = tool_work_list_plan (inputs, 0, NULL);
  g_autoptr (ToolLedger) ledger = tool_ledger_new (list);
  const ToolWork *const *works = (const ToolWork *const *) list->pdata;

  add_record (ledger, "0.wav", 5, "why", 10);
  add_record (ledger, "0.wav", 5, NULL, 20);
  add_record (ledger, "1.wav", 5, NULL, 30);
  add_record (ledger, "1.wav", 6, NULL, 40);
  add_record (ledger, "2.wav", 5, NULL, 50);
  add_record (ledger, "2.wav", 5, NULL, 60);
  add_record (ledger, "9.wav", 5, NULL, 70);
  g_assert_cmpint (works[0]->state, ==, TOOL_WORK_DONE);
  g_assert_cmpint (works[0]->start, ==, 20);
  g_assert_cmpint (works[1]->mtime, ==, 6);
  g_assert_false (works[0]->is_double || works[1]->is_double);
  g_assert_true (works[2]->is_double);
  g_assert_cmpint (works[3]->state, ==, TOOL_WORK_MISSING);
  g_assert_cmpuint (tool_ledger_get_n_strangers (ledger), ==, 1);
}

static void
test_quietest (void)
{
  const double energies[] = { 9, 1, 9, 3, 2, 3, 9, 2, 3, 3 };

  g_assert_cmpuint (tool_cut_find_quietest (energies, 10, 1), ==, 1);
  g_assert_cmpuint (tool_cut_find_quietest (energies, 10, 3), ==, 3);
  g_assert_cmpuint (tool_cut_find_quietest (energies, 6, 3), ==, 3);
  g_assert_cmpuint (tool_cut_find_quietest (energies, 2, 3), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/share/parse", test_share);
  g_test_add_func ("/share/environment", test_environment);
  g_test_add_func ("/balance/few", test_balance);
  g_test_add_func ("/balance/many", test_balance_random);
  g_test_add_func ("/record/same", test_record);
  g_test_add_func ("/record/bad", test_record_bad);
  g_test_add_func ("/record/nonsense", test_record_nonsense);
  g_test_add_func ("/record/surrogate", test_record_surrogate);
  g_test_add_func ("/record/deep", test_record_deep);
  g_test_add_func ("/shard-file", test_shard_file);
  g_test_add_func ("/work-list/same", test_work_list);
  g_test_add_func ("/work-list/refused", test_work_list_refused);
  g_test_add_func ("/work-list/hostile", test_work_list_hostile);
  g_test_add_func ("/work-list/endless", test_work_list_endless);
  g_test_add_func ("/ledger", test_ledger);
  g_test_add_func ("/cut/quietest", test_quietest);
  return g_test_run ();
}
