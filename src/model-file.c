/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "model-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model.h"

static void
fail (GError **error, const char *name, const char *reason)
{
  g_set_error (
      error, HEARKEN_MODEL_ERROR, HEARKEN_MODEL_ERROR_IO, "cannot read %s: %s", name, reason);
}

/* The time of the last change of status too: contents can be written with the old modification time
 * and size. */
static char *
describe_identity (const struct stat *info)
{
  return g_strdup_printf ("%ju:%ju:%jd:%jd.%09ld:%jd.%09ld", (uintmax_t) info->st_dev,
      (uintmax_t) info->st_ino, (intmax_t) info->st_size, (intmax_t) info->st_mtim.tv_sec,
      info->st_mtim.tv_nsec, (intmax_t) info->st_ctim.tv_sec, info->st_ctim.tv_nsec);
}

static bool
examine (HearkenModelFile *file, guint64 max_bytes, GError **error)
{
  struct stat info;

  if (fstat (file->fd, &info) < 0) {
    fail (error, file->name, g_strerror (errno));
    return false;
  }
  if (!S_ISREG (info.st_mode)) {
    fail (
        error, file->name, S_ISDIR (info.st_mode) ? "it is a directory" : "it is no regular file");
    return false;
  }
  file->n_bytes = (guint64) info.st_size;
  if (file->n_bytes > max_bytes || file->n_bytes > G_MAXSSIZE) {
    g_autofree char *size = g_format_size (max_bytes);
    g_autofree char *reason = g_strdup_printf ("it is larger than %s", size);
    fail (error, file->name, reason);
    return false;
  }
  file->identity = describe_identity (&info);
  return true;
}

HearkenModelFile *
hearken_model_file_open (const char *path, guint64 max_bytes, bool may_lack, GError **error)
{
  g_autoptr (HearkenModelFile) file = g_new0 (HearkenModelFile, 1);

  file->name = g_filename_display_name (path);
  /* Opening a FIFO to read would wait for a writer, if not for O_NONBLOCK. */
  file->fd = g_open (path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
  if (file->fd < 0) {
    if (!may_lack || errno != ENOENT)
      fail (error, file->name, g_strerror (errno));
    return NULL;
  }
  return examine (file, max_bytes, error) ? g_steal_pointer (&file) : NULL;
}

void
hearken_model_file_close (HearkenModelFile *file)
{
  if (file->fd >= 0)
    close (file->fd);
  g_free (file->name);
  g_free (file->identity);
  g_free (file);
}

/* Returns: the number of bytes read, fewer than @n_bytes only at the end of the file; -1 with errno */
static gssize
read_all (int fd, char *data, gsize n_bytes)
{
  gsize n_done = 0;

  while (n_done < n_bytes) {
    const gssize n_read = read (fd, data + n_done, n_bytes - n_done);
    if (n_read < 0 && errno == EINTR)
      continue;
    if (n_read < 0)
      return -1;
    if (n_read == 0)
      break;
    n_done += (gsize) n_read;
  }
  return (gssize) n_done;
}

GBytes *
hearken_model_file_read (const HearkenModelFile *file, GError **error)
{
  g_autofree char *data = g_try_malloc (file->n_bytes + 1);
  g_autofree char *identity = NULL;
  struct stat info;

  if (data == NULL) {
    fail (error, file->name, "there is not enough memory");
    return NULL;
  }
  const gssize n_read = read_all (file->fd, data, file->n_bytes);
  if (n_read < 0) {
    fail (error, file->name, g_strerror (errno));
    return NULL;
  }
  /* Half an old and half a new model could well be valid. */
  if (fstat (file->fd, &info) == 0)
    identity = describe_identity (&info);
  if ((guint64) n_read < file->n_bytes || g_strcmp0 (identity, file->identity) != 0) {
    fail (error, file->name, "it changed while it was read");
    return NULL;
  }
  data[file->n_bytes] = '\0';
  return g_bytes_new_take (g_steal_pointer (&data), file->n_bytes);
}
