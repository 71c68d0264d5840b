/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* A file on disk: its identity, and its contents read with care. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
  int fd;
  char *name;     /* for messages, UTF-8 */
  char *identity; /* device, inode, size and times: equal if the file is the same and unchanged */
  guint64 n_bytes;
} HearkenModelFile;

/* Opens a regular file of at most @max_bytes; anything else (a directory, FIFO or device) is an
 * error, and never waited for. Returns: (transfer full) (nullable): NULL with @error set
 * (HEARKEN_MODEL_ERROR_IO), or without where the file does not exist and @may_lack */
HearkenModelFile *hearken_model_file_open (
    const char *path, guint64 max_bytes, bool may_lack, GError **error);
void hearken_model_file_close (HearkenModelFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HearkenModelFile, hearken_model_file_close)

/* To be called once. Returns: (transfer full) (nullable): the contents; a zero follows them */
GBytes *hearken_model_file_read (const HearkenModelFile *file, GError **error);
