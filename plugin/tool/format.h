/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Transcripts as text for people and programs. A writer turns the utterances of one file after the
 * other into text:
 *
 *   ToolWriter writer = { .format = format, .is_list = TRUE };
 *
 *   tool_writer_begin (&writer, "a.wav", out);     // for each file
 *   tool_writer_add (&writer, utterance, out);     // for each utterance
 *   tool_writer_end (&writer, out);
 *   tool_writer_close (&writer, out);              // after the last file
 */
#pragma once

#include "caption-json.h"
#include "transcript.h"

G_BEGIN_DECLS

typedef struct ToolWriter ToolWriter;

typedef struct {
  const char *name;
  const char *suffix;   /* of files, without the dot */
  gboolean is_one_file; /* cannot hold the transcripts of several files */
  void (*begin) (ToolWriter *writer, GString *out);
  void (*add) (ToolWriter *writer, const ToolUtterance *utterance, GString *out);
  void (*end) (ToolWriter *writer, GString *out);
  void (*close) (ToolWriter *writer, GString *out);
} ToolFormat;

struct ToolWriter {
  const ToolFormat *format;
  gboolean is_list; /* of several files */

  const char *file;  /* the present one's name, in UTF-8 */
  const char *error; /* nullable: why it failed, known at its end */
  guint n_files;
  guint n_utterances; /* of the present file */
  guint n_cues;       /* of the present file */
};

/* Returns: (nullable): the format of this name */
const ToolFormat *tool_format_find (const char *name);
/* The formats' names, the default first, as in "text|json|…". */
char *tool_format_list_names (void);

/* Each appends to @out. @file: outlives the writing of the file */
void tool_writer_begin (ToolWriter *writer, const char *file, GString *out);
void tool_writer_add (ToolWriter *writer, const ToolUtterance *utterance, GString *out);
void tool_writer_end (ToolWriter *writer, GString *out);
void tool_writer_close (ToolWriter *writer, GString *out);

/* format-json.c */
void tool_json_begin (ToolWriter *writer, GString *out);
void tool_json_add (ToolWriter *writer, const ToolUtterance *utterance, GString *out);
void tool_json_end (ToolWriter *writer, GString *out);
void tool_json_close (ToolWriter *writer, GString *out);
void tool_jsonl_add (ToolWriter *writer, const ToolUtterance *utterance, GString *out);

/* The members of an object on one line, without its braces. */
void tool_json_append_utterance (
    GString *out, const ToolUtterance *utterance, CaptionJsonNumbers numbers);

/* format-subtitles.c */
void tool_srt_add (ToolWriter *writer, const ToolUtterance *utterance, GString *out);
void tool_vtt_begin (ToolWriter *writer, GString *out);
void tool_vtt_add (ToolWriter *writer, const ToolUtterance *utterance, GString *out);

G_END_DECLS
