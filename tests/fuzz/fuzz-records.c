/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The input is the file of an archive's shard. All records that are found in it are records of their works;
 * those that can be read are written in every format, and as records again, which read the same.
 */

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "formats.h"
#include "fuzz.h"
#include "ledger.h"
#include "record-reader.h"
#include "shard-file.h"

#define MAX_WORKS 20

/* As much as a time of @a may differ when it is read again: nothing below 26 days, where seconds in float64
 * tell nanoseconds apart. */
static void
check_time (GstClockTime a, GstClockTime b)
{
  g_assert (MAX (a, b) - MIN (a, b) <= a >> 51);
}

static void
check_same_utterance (const ToolUtterance *a, const ToolUtterance *b)
{
  g_assert_cmpstr (a->text, ==, b->text);
  g_assert_cmpstr (a->end_reason, ==, b->end_reason);
  g_assert (a->confidence == b->confidence && a->is_rejected == b->is_rejected);
  check_time (a->start, b->start);
  check_time (a->end, b->end);
  g_assert (a->words->len == b->words->len && a->tags->len == b->tags->len &&
            a->alternatives->len == b->alternatives->len);
  for (guint i = 0; i < a->words->len; i++) {
    const ToolWord *word = g_ptr_array_index (a->words, i);
    const ToolWord *other = g_ptr_array_index (b->words, i);

    g_assert_cmpstr (word->text, ==, other->text);
    g_assert (word->confidence == other->confidence);
    check_time (word->start, other->start);
    check_time (word->end, other->end);
  }
}

static void
check_same_head (const ToolRecord *a, const ToolRecord *b)
{
  g_assert_cmpstr (a->file, ==, b->file);
  g_assert_cmpstr (a->by, ==, b->by);
  g_assert_cmpstr (a->error, ==, b->error);
  g_assert_cmpint (MAX (a->size, -1), ==, b->size);
  g_assert (a->size < 0 || a->mtime == b->mtime);
  g_assert (a->part.index == b->part.index && a->part.count == b->part.count);
  g_assert (fabs (a->seconds - b->seconds) <= 0.0005 + a->seconds * 1e-12);
}

static void
write_again (const ToolRecord *record)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_auto (ToolRecord) again = { 0 }, head = { 0 };

  tool_record_append (line, record);
  g_assert (strchr (line->str, '\n') == line->str + line->len - 1);
  g_string_truncate (line, line->len - 1);
  g_assert (tool_record_parse (line->str, line->len, &again));
  g_assert (tool_record_parse_head (line->str, line->len, &head));
  check_same_head (record, &again);
  check_same_head (record, &head);
  g_assert (record->utterances->len == again.utterances->len);
  for (guint i = 0; i < record->utterances->len; i++)
    check_same_utterance (
        g_ptr_array_index (record->utterances, i), g_ptr_array_index (again.utterances, i));
}

/* The work that a record is of. */
static void
add_work (const ToolRecord *head, gint64 start, gpointer data)
{
  GPtrArray *list = data;
  ToolWork *work;

  if (list->len == MAX_WORKS)
    return;
  work = g_new0 (ToolWork, 1);
  work->input = tool_input_new_file ("a", "a");
  g_free (work->input->label);
  work->input->label = g_strdup (head->file);
  work->part = head->part;
  work->shard = (ToolShare){ 0, 1 };
  g_ptr_array_add (list, work);
}

static void
read_record (ToolRecordReader *reader, const ToolWork *work)
{
  g_auto (ToolRecord) record = { 0 };
  g_autoptr (GError) error = NULL;

  if (!tool_record_reader_read (reader, work, &record, &error)) {
    g_assert (error != NULL);
    return;
  }
  write_again (&record);
  for (guint i = 0; i < record.utterances->len; i++)
    fuzz_write_transcripts (g_ptr_array_index (record.utterances, i));
}

static void
read_shard (const char *dir, const char *path)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) tool_work_free);
  g_autoptr (ToolRecordReader) reader = tool_record_reader_new (dir);
  g_autoptr (ToolLedger) ledger = NULL;
  gint64 n_bytes = tool_shard_file_scan (path, add_work, list, NULL);

  g_assert (n_bytes >= 0);
  ledger = tool_ledger_new (list);
  g_assert (tool_shard_file_scan (path, tool_ledger_add, ledger, NULL) == n_bytes);
  g_assert (list->len == MAX_WORKS || tool_ledger_get_n_strangers (ledger) == 0);
  for (guint i = 0; i < list->len; i++) {
    const ToolWork *work = g_ptr_array_index (list, i);

    g_assert (work->start < MAX (n_bytes, 1));
    if (work->state != TOOL_WORK_MISSING) /* as all but the last are that are on the list twice */
      read_record (reader, work);
  }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("hearken-fuzz-XXXXXX", &error);
  g_autofree char *path = dir ? tool_shard_file_get_path (dir, (ToolShare){ 0, 1 }) : NULL;

  g_assert_no_error (error);
  g_assert (g_file_set_contents_full (
      path, (const char *) data, (gssize) size, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  read_shard (dir, path);
  g_unlink (path);
  g_rmdir (dir);
  return 0;
}
