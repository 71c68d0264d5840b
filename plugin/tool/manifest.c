/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "manifest.h"

#include <string.h>

#include <gio/gio.h>

#include "lines.h"

void
tool_clip_free (ToolClip *clip)
{
  g_free (clip->id);
  g_free (clip->path);
  g_free (clip->speaker);
  g_free (clip->text);
  g_free (clip);
}

/* Returns: (transfer full) (nullable): lines without their ends; %NULL with @error set */
static GStrv
read_lines (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize length;
  GStrv lines;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  if (!g_utf8_validate (text, length, NULL)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s is not UTF-8 text", path);
    return NULL;
  }
  lines = g_strsplit (tool_skip_byte_order_mark (text), "\n", -1);
  for (guint i = 0; lines[i]; i++)
    g_strchomp (lines[i]);
  return lines;
}

static GPtrArray *
clips_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) tool_clip_free);
}

/* Manifests */

typedef struct {
  int path;
  int speaker;
  int text;
} Columns;

/* Returns: the column of this name, -1 if there is none */
static int
find_column (char **names, const char *name)
{
  for (int i = 0; names[i]; i++) {
    if (g_str_equal (names[i], name))
      return i;
  }
  return -1;
}

static gboolean
read_header (Columns *columns, const char *line, const char *path, GError **error)
{
  g_auto (GStrv) names = g_strsplit (line ? line : "", "\t", -1);

  columns->path = find_column (names, "path");
  columns->speaker = find_column (names, "speaker");
  columns->text = find_column (names, "text");
  if (columns->path >= 0 && columns->text >= 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
      "%s: the first line must name the columns, at least path and text, with tabs between", path);
  return FALSE;
}

static char *
get_field (char **fields, int column)
{
  return column >= 0 && column < (int) g_strv_length (fields) && *fields[column]
             ? g_strdup (fields[column])
             : NULL;
}

/* Returns: (nullable): %NULL with a @problem */
static ToolClip *
read_clip (const Columns *columns, const char *line, const char *dir, char **problem)
{
  g_auto (GStrv) fields = g_strsplit (line, "\t", -1);
  ToolClip *clip = g_new0 (ToolClip, 1);

  clip->id = get_field (fields, columns->path);
  clip->speaker = get_field (fields, columns->speaker);
  clip->text = get_field (fields, columns->text);
  clip->path =
      clip->id ? g_build_filename (g_path_is_absolute (clip->id) ? "" : dir, clip->id, NULL) : NULL;
  if (!clip->path)
    *problem = g_strdup ("no path");
  else if (!clip->text)
    *problem = g_strdup_printf ("%s: no text", clip->id);
  else if (!g_file_test (clip->path, G_FILE_TEST_EXISTS))
    *problem = g_strdup_printf ("%s: there is no such file", clip->path);
  else
    return clip;
  tool_clip_free (clip);
  return NULL;
}

GPtrArray *
tool_manifest_read (const char *path, const char *dir, GPtrArray *problems, GError **error)
{
  g_autofree char *own_dir = g_path_get_dirname (path);
  g_auto (GStrv) lines = read_lines (path, error);
  GPtrArray *clips;
  Columns columns;

  if (!lines || !read_header (&columns, lines[0], path, error))
    return NULL;
  clips = clips_new ();
  for (guint i = 1; lines[i]; i++) {
    char *problem = NULL;
    ToolClip *clip =
        *lines[i] ? read_clip (&columns, lines[i], dir ? dir : own_dir, &problem) : NULL;

    if (clip)
      g_ptr_array_add (clips, clip);
    else if (problem)
      g_ptr_array_add (problems, g_strdup_printf ("%s:%u: %s", path, i + 1, problem));
    g_free (problem);
  }
  return clips;
}

/* Transcripts */

/* As sclite's -i spu_id. */
static char *
get_speaker (const char *id)
{
  const char *end = strchr (id, '-');

  if (!end)
    end = strchr (id, '_');
  return end ? g_strndup (id, end - id) : NULL;
}

/* "text (id)". Returns: (nullable): %NULL if it is not of that form */
static ToolClip *
parse_trn (const char *line)
{
  const char *open = strrchr (line, '(');
  gsize length = strlen (line);
  ToolClip *clip;

  if (!open || line[length - 1] != ')' || strpbrk (open, " \t"))
    return NULL;
  clip = g_new0 (ToolClip, 1);
  clip->id = g_strndup (open + 1, line + length - 1 - (open + 1));
  clip->text = g_strchomp (g_strndup (line, open - line));
  return clip;
}

/* "id text" */
static ToolClip *
parse_id_first (const char *line)
{
  gsize id_length = strcspn (line, " \t");
  ToolClip *clip = g_new0 (ToolClip, 1);

  clip->id = g_strndup (line, id_length);
  clip->text = g_strchug (g_strdup (line + id_length));
  return clip;
}

GPtrArray *
tool_transcript_read (const char *path, GPtrArray *problems, GError **error)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) lines = read_lines (path, error);
  GPtrArray *clips;

  if (!lines)
    return NULL;
  clips = clips_new ();
  for (guint i = 0; lines[i]; i++) {
    ToolClip *clip;

    if (!*lines[i])
      continue;
    clip = parse_trn (lines[i]);
    if (!clip)
      clip = parse_id_first (lines[i]);
    if (g_hash_table_contains (ids, clip->id)) {
      g_ptr_array_add (
          problems, g_strdup_printf ("%s:%u: %s is there already", path, i + 1, clip->id));
      tool_clip_free (clip);
      continue;
    }
    clip->speaker = get_speaker (clip->id);
    g_hash_table_add (ids, clip->id);
    g_ptr_array_add (clips, clip);
  }
  return clips;
}
