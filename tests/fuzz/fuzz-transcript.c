/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The input is a manifest, a transcript and a list of keywords for the tool. What is said just as it
 * is heard has no errors.
 */

#include <glib/gstdio.h>
#include <unistd.h>

#include "fuzz.h"
#include "manifest.h"
#include "normalize.h"
#include "scores.h"
#include "sweep-curve.h"

#define MAX_CLIPS 20
#define MAX_TEXT_BYTES 200

typedef GPtrArray *(*Read) (const char *path, GPtrArray *problems, GError **error);

static GPtrArray *
read_manifest (const char *path, GPtrArray *problems, GError **error)
{
  return tool_manifest_read (path, "/", problems, error);
}

/* @clips: (element-type ToolClip) */
static void
score (const GPtrArray *clips)
{
  g_autoptr (ToolScores) scores = tool_scores_new ();
  g_autoptr (GString) report = g_string_new (NULL);

  for (guint i = 0; i < MIN (clips->len, MAX_CLIPS); i++) {
    const ToolClip *clip = g_ptr_array_index (clips, i);
    g_autofree char *text = tool_normalize (clip->text);
    if (strlen (text) > MAX_TEXT_BYTES)
      continue;
    const ToolErrors errors = tool_align_words (text, text);
    g_assert (errors.n_substitutions + errors.n_deletions + errors.n_insertions == 0);
    tool_scores_add (scores, clip->speaker, text, text);
  }
  tool_scores_append_report (scores, report);
}

static void
read_clips (const char *path, Read read)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) clips = read (path, problems, &error);

  g_assert ((clips == NULL) == (error != NULL));
  if (clips != NULL)
    score (clips);
}

static void
sweep (const char *text)
{
  g_autoptr (ToolSweep) curve = tool_sweep_new (text);
  g_autoptr (GString) table = g_string_new (NULL);

  tool_sweep_add_clip (curve, text);
  tool_sweep_add_heard (curve, 0, text, 0.5);
  tool_sweep_append_table (curve, 60, table);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_utf8_make_valid ((const char *) data, size);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  const int fd = g_file_open_tmp ("hearken-fuzz-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_assert (write (fd, data, size) == (gssize) size);
  g_close (fd, NULL);
  read_clips (path, read_manifest);
  read_clips (path, tool_transcript_read);
  g_unlink (path);
  sweep (text);
  return 0;
}
