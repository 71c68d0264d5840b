/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "arpa.h"

#include <math.h>
#include <string.h>

#include "language-error.h"
#include "language-text.h"
#include "ngram-builder.h"
#include "ngram-internal.h"

#define MAX_LINE_BYTES 4096
#define MAX_FIELDS (HEARKEN_NGRAM_MAX_ORDER + 2)
/* log10 P from here down is how the format writes a probability of zero. */
#define LOWEST_LOG10 (-99.0)
#define GZIP_MAGIC "\x1f\x8b"

typedef struct {
  const char *bytes, *end; /* what was not read yet */
  const char *name;
  GError **error;
  guint number;              /* of the line, from 1 */
  char line[MAX_LINE_BYTES]; /* without white space around it */
  guint order;               /* as \data\ says */
  guint64 counts[HEARKEN_NGRAM_MAX_ORDER];
  HearkenNgramBuilder *builder;
} Reader;

/* Returns: false */
static bool G_GNUC_PRINTF (2, 3) fail (Reader *reader, const char *format, ...)
{
  g_autofree char *reason = NULL;
  va_list args;

  va_start (args, format);
  reason = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error (reader->error, HEARKEN_LANGUAGE_ERROR, HEARKEN_LANGUAGE_ERROR_SYNTAX, "%s:%u: %s",
      reader->name, reader->number, reason);
  return false;
}

/* Takes @reason. */
static bool
fail_because (Reader *reader, char *reason)
{
  fail (reader, "%s", reason);
  g_free (reason);
  return false;
}

/* The next line that is not empty. Returns: false at the end of the file (an error, too) */
static bool
next_line (Reader *reader)
{
  do {
    const gsize n_left = (gsize) (reader->end - reader->bytes);
    const char *newline = n_left > 0 ? memchr (reader->bytes, '\n', n_left) : NULL;
    const gsize n_bytes = newline != NULL ? (gsize) (newline - reader->bytes) : n_left;
    if (n_left == 0)
      return fail (reader, "the file ends before \\end\\");
    reader->number++;
    if (n_bytes >= MAX_LINE_BYTES)
      return fail (reader, "the line is too long");
    if (!g_utf8_validate_len (reader->bytes, n_bytes, NULL))
      return fail (reader, "it is no text in UTF-8");
    memcpy (reader->line, reader->bytes, n_bytes);
    reader->line[n_bytes] = '\0';
    g_strstrip (reader->line);
    reader->bytes += MIN (n_bytes + 1, n_left);
  } while (*reader->line == '\0');
  return true;
}

/* Splits the line in place. Returns: the number of @fields, [MAX_FIELDS + 1], more not being told */
static guint
split (Reader *reader, char **fields)
{
  char *c = reader->line;
  guint n_fields = 0;

  while (*c != '\0' && n_fields <= MAX_FIELDS) {
    fields[n_fields++] = c;
    c += strcspn (c, " \t");
    if (*c != '\0')
      *c++ = '\0';
    c += strspn (c, " \t");
  }
  return n_fields;
}

/* "ngram N=COUNT" */
static bool
read_count (Reader *reader)
{
  char *rest;
  const char *c = reader->line + strlen ("ngram");
  const guint64 n = g_ascii_strtoull (c, &rest, 10);

  rest += strspn (rest, " \t");
  if (*rest != '=' || !g_ascii_isdigit (rest[1 + strspn (rest + 1, " \t")]))
    return fail (reader, "'%s' is not ngram ORDER=COUNT", reader->line);
  if (n != reader->order + 1)
    return fail (reader, "the orders are not 1, 2, 3 and so on");
  if (n > HEARKEN_NGRAM_MAX_ORDER)
    return fail (reader, "the highest order that can be read is %d", HEARKEN_NGRAM_MAX_ORDER);
  reader->counts[reader->order++] = g_ascii_strtoull (rest + 1, &rest, 10);
  return *rest == '\0' || fail (reader, "'%s' is no count", reader->line);
}

static bool
begins_with (const Reader *reader, const char *prefix)
{
  return (gsize) (reader->end - reader->bytes) >= strlen (prefix) &&
         memcmp (reader->bytes, prefix, strlen (prefix)) == 0;
}

/* Leaves the reader at the first line after the counts. */
static bool
read_counts (Reader *reader)
{
  if (begins_with (reader, HEARKEN_BYTE_ORDER_MARK))
    reader->bytes += strlen (HEARKEN_BYTE_ORDER_MARK);
  if (begins_with (reader, GZIP_MAGIC))
    return fail (reader, "it is compressed by gzip: gunzip must come first");
  do {
    if (reader->bytes == reader->end)
      return fail (reader, "there is no line \\data\\: it is no language model");
    if (!next_line (reader))
      return false;
  } while (strcmp (reader->line, "\\data\\") != 0);
  while (next_line (reader)) {
    if (!g_str_has_prefix (reader->line, "ngram "))
      return reader->order > 0 || fail (reader, "\\data\\ has no counts");
    if (!read_count (reader))
      return false;
  }
  return false;
}

static bool
read_log10 (Reader *reader, const char *field, const char *what, double *ln)
{
  char *rest;
  const double value = g_ascii_strtod (field, &rest);

  if (rest == field || *rest != '\0' || isnan (value))
    return fail (reader, "the %s '%s' is no number", what, field);
  *ln = value * M_LN10;
  return true;
}

/* @fields: log10 P, words [n], perhaps a back-off weight */
static bool
read_numbers (
    Reader *reader, char **fields, guint n_fields, guint n, double *log_prob, double *backoff)
{
  if (!read_log10 (reader, fields[0], "log-probability", log_prob))
    return false;
  if (*log_prob > 0.0)
    return fail (reader, "the log-probability %s is positive", fields[0]);
  if (*log_prob <= LOWEST_LOG10 * M_LN10)
    *log_prob = -INFINITY;
  if (n_fields < n + 2)
    return true;
  /* Some tools write one for the highest order, too; nothing is asked of it. */
  if (!read_log10 (reader, fields[n + 1], "back-off weight", backoff))
    return false;
  return fabs (*backoff) <= -LOWEST_LOG10 * M_LN10 ||
         fail (reader, "the back-off weight %s is out of range", fields[n + 1]);
}

static bool
add_word (Reader *reader, const char *word, double log_prob, double backoff)
{
  char *reason;

  if (strlen (word) > HEARKEN_NGRAM_MAX_WORD_BYTES)
    return fail (reader, "the word is longer than %d bytes", HEARKEN_NGRAM_MAX_WORD_BYTES);
  return hearken_ngram_builder_add_word (reader->builder, word, log_prob, backoff, &reason) ||
         fail_because (reader, reason);
}

static bool
add_ngram (Reader *reader, char **texts, guint n, double log_prob, double backoff)
{
  guint32 words[HEARKEN_NGRAM_MAX_ORDER];
  char *reason;

  for (guint i = 0; i < n; i++) {
    words[i] = hearken_words_find (hearken_ngram_builder_get_words (reader->builder), texts[i]);
    if (words[i] == HEARKEN_NO_WORD)
      return fail (reader, "the word '%s' is not among the 1-grams", texts[i]);
  }
  return hearken_ngram_builder_add (
             reader->builder, words, log_prob, backoff, reader->number, &reason) ||
         fail_because (reader, reason);
}

static bool
read_ngram (Reader *reader, guint n)
{
  char *fields[MAX_FIELDS + 1];
  const guint n_fields = split (reader, fields);
  double log_prob = 0.0, backoff = 0.0;

  if (n_fields < n + 1 || n_fields > n + 2)
    return fail (reader, "it is no %u-gram", n);
  if (!read_numbers (reader, fields, n_fields, n, &log_prob, &backoff))
    return false;
  return n == 1 ? add_word (reader, fields[1], log_prob, backoff)
                : add_ngram (reader, fields + 1, n, log_prob, backoff);
}

/* The n-grams of @n words and the line that follows them. */
static bool
read_ngrams (Reader *reader, guint n)
{
  g_autofree char *header = g_strdup_printf ("\\%u-grams:", n);
  const guint64 n_told = reader->counts[n - 1];
  guint64 n_read = 0;
  guint line;
  char *reason;

  if (strcmp (reader->line, header) != 0)
    return fail (reader, "'%s' is not %s", reader->line, header);
  if (n > 1)
    hearken_ngram_builder_begin_order (reader->builder);
  while (next_line (reader) && *reader->line != '\\') {
    if (n_read++ == n_told)
      return fail (
          reader, "there are more %u-grams than the %" G_GUINT64_FORMAT " of \\data\\", n, n_told);
    if (!read_ngram (reader, n))
      return false;
  }
  if (*reader->error != NULL)
    return false;
  if (n_read < n_told)
    return fail (reader,
        "there are %" G_GUINT64_FORMAT " %u-grams, not the %" G_GUINT64_FORMAT " of \\data\\",
        n_read, n, n_told);
  if (hearken_ngram_builder_end_order (reader->builder, &line, &reason))
    return true;
  reader->number = line;
  return fail_because (reader, reason);
}

static bool
read_all (Reader *reader)
{
  if (!read_counts (reader))
    return false;
  for (guint n = 1; n <= reader->order; n++)
    if (!read_ngrams (reader, n))
      return false;
  if (strcmp (reader->line, "\\end\\") != 0)
    return fail (reader, "'%s' is not \\end\\", reader->line);
  return reader->counts[0] > 0 || fail (reader, "there are no words");
}

HearkenNgram *
hearken_arpa_read (GBytes *bytes, const char *name, GError **error)
{
  g_autoptr (GError) cause = NULL;
  g_autoptr (HearkenNgramBuilder) builder = hearken_ngram_builder_new ();
  gsize n_bytes;
  const char *data = g_bytes_get_data (bytes, &n_bytes);
  const char *text = n_bytes > 0 ? data : ""; /* no bytes are NULL, which has no end */
  Reader reader = { text, text + n_bytes, name, &cause, .builder = builder };

  if (read_all (&reader))
    return hearken_ngram_builder_finish (g_steal_pointer (&builder));
  g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}
