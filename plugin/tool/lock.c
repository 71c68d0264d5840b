/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <gio/gio.h>

static void
set_error (const char *path, int number, GError **error)
{
  if (number == EWOULDBLOCK)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "another process is writing %s", path);
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "cannot open and lock %s: %s",
        path, g_strerror (number));
}

int
tool_lock_open (const char *path, gboolean waits, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

  if (fd >= 0 && flock (fd, LOCK_EX | (waits ? 0 : LOCK_NB)) == 0)
    return fd;
  set_error (path, errno, error);
  if (fd >= 0)
    close (fd);
  return -1;
}
