/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "lexicon-file.h"

#include <string.h>

#define HEADER_BYTES (2 * sizeof (guint32))

typedef struct {
  const guint8 *bytes, *end;
  const char *reason; /* why reading failed; NULL as long as it did not */
} Reader;

static void
fail (Reader *reader, const char *reason)
{
  if (reader->reason == NULL)
    reader->reason = reason;
}

static guint32
take_u32 (Reader *reader)
{
  guint32 value;

  memcpy (&value, reader->bytes, sizeof (value));
  reader->bytes += sizeof (value);
  return GUINT32_FROM_LE (value);
}

/* Returns: a number up to @max; 0 if there is none */
static guint32
take_varint (Reader *reader, guint32 max)
{
  guint64 value = 0;
  guint8 byte = 0x80;

  for (guint shift = 0; (byte & 0x80) != 0 && shift < 35; shift += 7) {
    if (reader->bytes == reader->end) {
      fail (reader, "its lexicon is cut off");
      return 0;
    }
    byte = *reader->bytes++;
    value |= (guint64) (byte & 0x7f) << shift;
  }
  if (value <= max && (byte & 0x80) == 0)
    return (guint32) value;
  fail (reader, "a number in its lexicon is out of range");
  return 0;
}

static HearkenLexicon *
take_header (Reader *reader)
{
  HearkenLexicon *lexicon = g_new0 (HearkenLexicon, 1);
  const gsize n_left = reader->end - reader->bytes;

  if (n_left >= HEADER_BYTES) {
    lexicon->n_nodes = take_u32 (reader);
    lexicon->n_entries = take_u32 (reader);
  }
  /* Each takes some bytes: no more memory is needed than in proportion to the file. */
  if (lexicon->n_nodes < 1 || lexicon->n_nodes > n_left || lexicon->n_entries > n_left) {
    fail (reader, "the sizes of its lexicon are out of range");
    lexicon->n_nodes = lexicon->n_entries = 0;
  }
  lexicon->nodes = g_new (HearkenLexiconNode, (gsize) lexicon->n_nodes + 1);
  lexicon->words = g_new (guint32, lexicon->n_entries);
  return lexicon;
}

static void
take_nodes (Reader *reader, HearkenLexicon *lexicon)
{
  guint32 n_children = 1, n_words = 0; /* so far; the root is child number 0, of nobody */

  for (guint32 i = 0; i < lexicon->n_nodes && reader->reason == NULL; i++) {
    const guint16 token = (guint16) take_varint (reader, G_MAXUINT16);

    if (n_children <= i)
      fail (reader, "a node of its lexicon comes before its parent");
    lexicon->nodes[i] = (HearkenLexiconNode){ n_children, n_words, token, HEARKEN_COST_IMPOSSIBLE };
    n_children += take_varint (reader, lexicon->n_nodes - n_children);
    n_words += take_varint (reader, lexicon->n_entries - n_words);
  }
  if (n_words != lexicon->n_entries)
    fail (reader, "its lexicon is incomplete");
  lexicon->nodes[lexicon->n_nodes] = (HearkenLexiconNode){ n_children, n_words, 0, 0 };
}

static void
check_tokens (Reader *reader, const HearkenLexicon *lexicon)
{
  for (guint32 i = 0; i < lexicon->n_nodes; i++)
    for (guint32 child = lexicon->nodes[i].first_child + 1;
         child < lexicon->nodes[i + 1].first_child; child++)
      if (lexicon->nodes[child].token <= lexicon->nodes[child - 1].token)
        fail (reader, "the tokens of its lexicon are out of order");
}

static void
take_words (Reader *reader, HearkenLexicon *lexicon, const HearkenCost *costs, guint32 n_words)
{
  for (guint32 i = 0; i < lexicon->n_nodes; i++) {
    HearkenLexiconNode *node = &lexicon->nodes[i];

    for (guint32 at = node->first_word; at < node[1].first_word; at++) {
      const guint32 word = take_varint (reader, n_words - 1);
      if (at > node->first_word && word <= lexicon->words[at - 1])
        fail (reader, "the words of its lexicon are out of order");
      lexicon->words[at] = word;
      node->look_ahead = MIN (node->look_ahead, costs[word]);
    }
  }
  if (reader->bytes != reader->end)
    fail (reader, "something follows its end");
}

HearkenLexicon *
hearken_lexicon_file_read (const guint8 *bytes, gsize n_bytes, const HearkenCost *costs,
    guint32 n_words, const char **reason)
{
  Reader reader = { bytes, bytes + n_bytes, NULL };
  g_autoptr (HearkenLexicon) lexicon = take_header (&reader);

  take_nodes (&reader, lexicon);
  if (reader.reason == NULL)
    check_tokens (&reader, lexicon);
  if (reader.reason == NULL)
    take_words (&reader, lexicon, costs, n_words);
  *reason = reader.reason;
  if (reader.reason != NULL)
    return NULL;
  hearken_lexicon_look_ahead (lexicon);
  return g_steal_pointer (&lexicon);
}

static void
put_u32 (GByteArray *file, guint32 value)
{
  value = GUINT32_TO_LE (value);
  g_byte_array_append (file, (const guint8 *) &value, sizeof (value));
}

static void
put_varint (GByteArray *file, guint32 value)
{
  do {
    const guint8 byte = (value & 0x7f) | (value > 0x7f ? 0x80 : 0);

    g_byte_array_append (file, &byte, 1);
    value >>= 7;
  } while (value > 0);
}

void
hearken_lexicon_file_write (const HearkenLexicon *lexicon, GByteArray *file)
{
  put_u32 (file, lexicon->n_nodes);
  put_u32 (file, lexicon->n_entries);
  for (guint32 i = 0; i < lexicon->n_nodes; i++) {
    const HearkenLexiconNode *node = &lexicon->nodes[i];

    put_varint (file, node->token);
    put_varint (file, hearken_lexicon_get_n_children (node));
    put_varint (file, hearken_lexicon_get_n_words (node));
  }
  for (guint32 i = 0; i < lexicon->n_entries; i++)
    put_varint (file, lexicon->words[i]);
}
