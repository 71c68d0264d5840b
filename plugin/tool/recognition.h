/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* What is recognised with: the options that transcribe, listen and score have in common. */
#pragma once

#include <gst/gst.h>

#include "recognizer.h"

G_BEGIN_DECLS

/* For tool_parse_options (). */
extern const GOptionEntry tool_recognition_entries[];

/* As the options say. */
typedef struct {
  /* The command's. */
  guint n_best;       /* sentences to tell with each utterance; 0 as 1 */
  gboolean cleans_up; /* whether it writes as people do */

  HearkenModel *model;
  HearkenGraph *graph;
  char *model_path;
} ToolRecognition;

/* Checks the options and loads, after GStreamer has been set up. @recognition: zeroed but for what is
 * the command's, to be cleared in any case. Returns: an exit status; unless it is %TOOL_OK, after having complained */
int tool_recognition_load (ToolRecognition *recognition);
void tool_recognition_clear (ToolRecognition *recognition);

/* Returns: (transfer full): what it is, in words, to tell whether something was recognised with the same */
char *tool_recognition_describe (const ToolRecognition *recognition);
guint tool_recognition_get_rate_hz (const ToolRecognition *recognition);

/* @chunk_ms: of audio that is collected and heard at once, which costs less than buffer by buffer
 *
 * Returns: (transfer floating): a `hearken` with the options. As long as @recognition is there, it
 * shares what was loaded */
GstElement *tool_recognition_make_listener (const ToolRecognition *recognition, guint chunk_ms);
/* Returns: (transfer full): the same without GStreamer */
HearkenRecognizer *tool_recognition_make_recognizer (const ToolRecognition *recognition);

G_END_DECLS
