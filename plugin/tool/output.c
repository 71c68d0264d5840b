/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "output.h"

#include <errno.h>
#include <sys/stat.h>

#include <gio/gio.h>

#include "terminal.h"

/* Files */

static char *
get_path (const char *dir, const ToolInput *input, const ToolFormat *format, gboolean keeps_ending)
{
  g_autofree char *name =
      g_strconcat (input->stem, keeps_ending ? input->ending : "", ".", format->suffix, NULL);

  return g_build_filename (dir, name, NULL);
}

/* How often each path occurs. */
static GHashTable *
count_paths (const char *dir, const GPtrArray *inputs, const ToolFormat *format)
{
  GHashTable *counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < inputs->len; i++) {
    char *path = get_path (dir, g_ptr_array_index (inputs, i), format, FALSE);
    guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, path));

    g_hash_table_replace (counts, path, GUINT_TO_POINTER (n + 1));
  }
  return counts;
}

GPtrArray *
tool_output_paths_new (
    const char *dir, const GPtrArray *inputs, const ToolFormat *format, GError **error)
{
  g_autoptr (GHashTable) counts = count_paths (dir, inputs, format);
  g_autoptr (GHashTable) taken = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < inputs->len; i++) {
    const ToolInput *input = g_ptr_array_index (inputs, i);
    char *path = get_path (dir, input, format, FALSE);

    if (GPOINTER_TO_UINT (g_hash_table_lookup (counts, path)) > 1) {
      g_free (path);
      path = get_path (dir, input, format, TRUE);
    }
    g_ptr_array_add (paths, path);
    if (!g_hash_table_add (taken, path)) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
          "two of the recordings, one of them %s, would be written to %s", input->label, path);
      return NULL;
    }
  }
  return g_steal_pointer (&paths);
}

gboolean
tool_output_is_done (const char *path, const ToolInput *input)
{
  struct stat output, source;

  if (stat (path, &output) != 0)
    return FALSE;
  return !input->path || stat (input->path, &source) != 0 || source.st_mtime <= output.st_mtime;
}

gboolean
tool_output_write (const char *path, const GString *text, GError **error)
{
  g_autofree char *dir = g_path_get_dirname (path);

  if (g_mkdir_with_parents (dir, 0777) != 0) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
        "cannot make the directory %s: %s", dir, g_strerror (errno));
    return FALSE;
  }
  return g_file_set_contents_full (
      path, text->str, text->len, G_FILE_SET_CONTENTS_CONSISTENT, 0666, error);
}

gboolean
tool_output_write_transcript (const char *path, const ToolFormat *format, const char *label,
    const GPtrArray *utterances, GError **error)
{
  ToolWriter writer = { .format = format };
  g_autoptr (GString) text = g_string_new (NULL);

  tool_writer_begin (&writer, label, text);
  for (guint i = 0; i < utterances->len; i++)
    tool_writer_add (&writer, g_ptr_array_index (utterances, i), text);
  tool_writer_end (&writer, text);
  tool_writer_close (&writer, text);
  return tool_output_write (path, text, error);
}

/* Standard output */

/* What waits of an input until it is its turn. */
typedef struct {
  GPtrArray *utterances; /* (element-type ToolUtterance) */
  gboolean has_ended;
  char *error; /* nullable: why it failed */
} Waiting;

struct ToolSpool {
  const GPtrArray *inputs;
  ToolWriter writer;
  Waiting *waiting; /* [inputs->len] */
  guint turn;       /* the input that is printed now */
  gboolean has_begun;
  GString *text; /* to be printed */
};

ToolSpool *
tool_spool_new (const GPtrArray *inputs, const ToolFormat *format)
{
  ToolSpool *spool = g_new0 (ToolSpool, 1);

  spool->inputs = inputs;
  spool->writer.format = format;
  spool->writer.is_list = inputs->len > 1;
  spool->waiting = g_new0 (Waiting, inputs->len);
  for (guint i = 0; i < inputs->len; i++)
    spool->waiting[i].utterances =
        g_ptr_array_new_with_free_func ((GDestroyNotify) tool_utterance_free);
  spool->text = g_string_new (NULL);
  return spool;
}

void
tool_spool_free (ToolSpool *spool)
{
  for (guint i = 0; i < spool->inputs->len; i++) {
    g_ptr_array_unref (spool->waiting[i].utterances);
    g_free (spool->waiting[i].error);
  }
  g_free (spool->waiting);
  g_string_free (spool->text, TRUE);
  g_free (spool);
}

static void
begin (ToolSpool *spool)
{
  const ToolInput *input = g_ptr_array_index (spool->inputs, spool->turn);

  if (!spool->has_begun)
    tool_writer_begin (&spool->writer, input->label, spool->text);
  spool->has_begun = TRUE;
}

static void
write_utterances (ToolSpool *spool, GPtrArray *utterances)
{
  if (utterances->len > 0)
    begin (spool);
  for (guint i = 0; i < utterances->len; i++)
    tool_writer_add (&spool->writer, g_ptr_array_index (utterances, i), spool->text);
  g_ptr_array_set_size (utterances, 0);
}

static void
end (ToolSpool *spool, const char *error)
{
  begin (spool);
  spool->writer.error = error;
  tool_writer_end (&spool->writer, spool->text);
  spool->has_begun = FALSE;
}

static gboolean
print (ToolSpool *spool, GError **error)
{
  gboolean is_printed = spool->text->len == 0 || tool_print (spool->text->str, error);

  g_string_truncate (spool->text, 0);
  return is_printed;
}

/* Prints everything up to the first input that has not ended. */
static gboolean
print_in_turn (ToolSpool *spool, GError **error)
{
  while (spool->turn < spool->inputs->len) {
    Waiting *waiting = &spool->waiting[spool->turn];

    write_utterances (spool, waiting->utterances);
    if (!waiting->has_ended)
      break;
    end (spool, waiting->error);
    spool->turn++;
  }
  return print (spool, error);
}

gboolean
tool_spool_add (ToolSpool *spool, guint index, ToolUtterance *utterance, GError **error)
{
  g_ptr_array_add (spool->waiting[index].utterances, utterance);
  return print_in_turn (spool, error);
}

gboolean
tool_spool_end (ToolSpool *spool, guint index, const GError *failure, GError **error)
{
  spool->waiting[index].has_ended = TRUE;
  spool->waiting[index].error = failure ? g_strdup (failure->message) : NULL;
  return print_in_turn (spool, error);
}

gboolean
tool_spool_close (ToolSpool *spool, GError **error)
{
  tool_writer_close (&spool->writer, spool->text);
  return print (spool, error);
}
