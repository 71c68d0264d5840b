/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Runs a fuzz target over the files of a directory, without libFuzzer: each is a test. */

#include <stdio.h>
#include <string.h>

#include "fuzz.h"

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(char *const *) a, *(char *const *) b);
}

static GPtrArray *
list_files (const char *path)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) directory = g_dir_open (path, 0, &error);
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (directory)) != NULL)
    if (!g_str_has_suffix (name, ".license"))
      g_ptr_array_add (files, g_build_filename (path, name, NULL));
  g_ptr_array_sort (files, compare_names);
  return files;
}

int
main (int argc, char **argv)
{
  if (argc != 2) {
    fprintf (stderr, "usage: %s CORPUS-DIRECTORY\n", argv[0]);
    return 2;
  }
  g_autoptr (GPtrArray) files = list_files (argv[1]);
  g_assert_cmpuint (files->len, >, 0);
  printf ("1..%u\n", files->len);
  for (guint i = 0; i < files->len; i++) {
    const char *path = g_ptr_array_index (files, i);
    g_autofree char *data = NULL;
    g_autofree char *name = g_path_get_basename (path);
    gsize n_bytes;
    g_assert_true (g_file_get_contents (path, &data, &n_bytes, NULL));
    g_autofree uint8_t *exact = g_malloc (MAX (n_bytes, 1)); /* so that a read past its end shows */
    memcpy (exact, data, n_bytes);
    LLVMFuzzerTestOneInput (exact, n_bytes);
    printf ("ok %u %s\n", i + 1, name);
    fflush (stdout);
  }
  return 0;
}
