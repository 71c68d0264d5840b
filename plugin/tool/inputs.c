/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "inputs.h"

#include <stdlib.h>
#include <string.h>

#include <gio/gio.h>
#include <gst/gst.h>

#define MAX_SECONDS 1e9 /* in nanoseconds, a time of GStreamer's */

/* How the names of recordings end; sorted. */
static const char *const endings[] = { "3gp", "aac", "ac3", "aif", "aifc", "aiff", "amr", "ape",
  "au", "avi", "awb", "caf", "dv", "flac", "flv", "m2ts", "m4a", "m4b", "m4v", "mka", "mkv", "mov",
  "mp2", "mp3", "mp4", "mpc", "mpeg", "mpg", "mxf", "oga", "ogg", "ogm", "ogv", "opus", "ra", "rm",
  "snd", "sph", "spx", "tta", "voc", "w64", "wav", "weba", "webm", "wma", "wmv", "wv" };

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Returns: the end of a file's name from the last dot on; "" if there is none */
static const char *
get_ending (const char *path)
{
  const char *name = strrchr (path, G_DIR_SEPARATOR);
  const char *dot;

  name = name ? name + 1 : path;
  dot = strrchr (name, '.');
  return dot && dot != name ? dot : "";
}

static gboolean
is_recording (const char *name)
{
  const char *ending = get_ending (name);
  g_autofree char *lower = *ending ? g_ascii_strdown (ending + 1, -1) : NULL;

  return lower &&
         bsearch (&lower, endings, G_N_ELEMENTS (endings), sizeof (*endings), compare_strings);
}

void
tool_input_free (ToolInput *input)
{
  g_free (input->uri);
  g_free (input->path);
  g_free (input->label);
  g_free (input->stem);
  g_free (input->ending);
  g_free (input);
}

gboolean
tool_input_parse_seconds (const char *text, double *seconds)
{
  char *end;

  *seconds = g_ascii_strtod (text, &end);
  return end > text && *end == '\0' && *seconds >= 0 && *seconds <= MAX_SECONDS;
}

ToolInput *
tool_input_copy (const ToolInput *input)
{
  ToolInput *copy = g_new (ToolInput, 1);

  *copy = *input;
  copy->uri = g_strdup (input->uri);
  copy->path = g_strdup (input->path);
  copy->label = g_strdup (input->label);
  copy->stem = g_strdup (input->stem);
  copy->ending = g_strdup (input->ending);
  return copy;
}

/* Names are told apart by it, so what is not UTF-8 is written as "\xe9". Returns: (transfer full) */
static char *
make_label (const char *path)
{
  GString *label = g_string_new (NULL);
  const char *end;

  while (!g_utf8_validate (path, -1, &end)) {
    g_string_append_len (label, path, end - path);
    g_string_append_printf (label, "\\x%02x", (guchar) *end);
    path = end + 1;
  }
  g_string_append (label, path);
  return g_string_free (label, FALSE);
}

/* @path: (nullable); @name: the output's path, still with the suffix */
static ToolInput *
input_new (const char *uri, const char *path, const char *label, const char *name)
{
  ToolInput *input = g_new0 (ToolInput, 1);
  const char *ending = get_ending (name);

  input->uri = g_strdup (uri);
  input->path = g_strdup (path);
  input->label = make_label (label);
  input->stem = g_strndup (name, strlen (name) - strlen (ending));
  input->ending = g_strdup (ending);
  return input;
}

ToolInput *
tool_input_new_file (const char *path, const char *name)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *uri = g_filename_to_uri (absolute, NULL, NULL);

  return input_new (uri, path, path, name);
}

/* Returns: (element-type filename): sorted; %NULL with @error set */
static GPtrArray *
list_dir (const char *path, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, error);
  GPtrArray *names;
  const char *name;

  if (!dir)
    return NULL;
  names = g_ptr_array_new_with_free_func (g_free);
  while ((name = g_dir_read_name (dir)) != NULL) {
    if (*name != '.')
      g_ptr_array_add (names, g_strdup (name));
  }
  g_ptr_array_sort (names, compare_strings);
  return names;
}

/* One that cannot be read, as a disk's lost+found, counts as a recording that cannot, unless it was
 * typed. @below: path of the directory below the one that was typed; "" for that itself */
static gboolean
add_dir (GPtrArray *inputs, const char *path, const char *below, GError **error)
{
  g_autoptr (GPtrArray) names = list_dir (path, *below ? NULL : error);

  if (!names && *below)
    g_ptr_array_add (inputs, tool_input_new_file (path, below));
  if (!names)
    return *below != '\0';
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index (names, i);
    g_autofree char *child = g_build_filename (path, name, NULL);
    g_autofree char *child_below = g_build_filename (below, name, NULL);

    if (!g_file_test (child, G_FILE_TEST_IS_DIR)) {
      if (is_recording (name))
        g_ptr_array_add (inputs, tool_input_new_file (child, child_below));
    } else if (!g_file_test (child, G_FILE_TEST_IS_SYMLINK)) { /* which may lead in circles */
      if (!add_dir (inputs, child, child_below, error))
        return FALSE;
    }
  }
  return TRUE;
}

static gboolean
is_called (gconstpointer input, gconstpointer label)
{
  return g_str_equal (((const ToolInput *) input)->label, label);
}

static gboolean
add_argument (GPtrArray *inputs, const char *argument, GError **error)
{
  guint n_before = inputs->len;
  g_autofree char *name = g_path_get_basename (argument);

  if (*argument == '\0') {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME, "a name is empty");
    return FALSE;
  }
  if (g_str_equal (argument, "-")) {
    if (g_ptr_array_find_with_equal_func (inputs, argument, is_called, NULL)) {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "standard input can be read once");
      return FALSE;
    }
    g_ptr_array_add (inputs, input_new ("fd://0", NULL, "-", "stdin"));
  } else if (g_file_test (argument, G_FILE_TEST_IS_DIR)) {
    if (!add_dir (inputs, argument, "", error))
      return FALSE;
    if (inputs->len > n_before)
      return TRUE;
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no recording in %s", argument);
    return FALSE;
  } else if (gst_uri_is_valid (argument) && !g_file_test (argument, G_FILE_TEST_EXISTS)) {
    g_ptr_array_add (inputs, input_new (argument, NULL, argument, name));
  } else {
    g_ptr_array_add (inputs, tool_input_new_file (argument, name));
  }
  return TRUE;
}

GPtrArray *
tool_inputs_new (char *const *arguments, GError **error)
{
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) tool_input_free);

  for (guint i = 0; arguments[i]; i++) {
    if (!add_argument (inputs, arguments[i], error))
      return NULL;
  }
  return g_steal_pointer (&inputs);
}
