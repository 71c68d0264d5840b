/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* A shard of an archive, transcribed. */
#pragma once

#include "recognition.h"

G_BEGIN_DECLS

typedef struct {
  const char *dir;      /* (type filename): the archive */
  const char *shard;    /* (nullable): "I/N"; %NULL: as the environment says */
  double split_seconds; /* 0: recordings are left whole */
  guint n_best;
  guint n_jobs;
  gboolean cleans_up;
  gboolean is_quiet;
} ToolShardOptions;

/**
 * tool_transcribe_shard:
 * @inputs: (nullable) (element-type ToolInput): what the archive is made of; may be emptied
 *
 * Transcribes what has no record yet, or failed, or has changed since. Failures are records, too.
 *
 * Returns: an exit status: %TOOL_OK if all of the shard has a record
 */
int tool_transcribe_shard (GPtrArray *inputs, const ToolShardOptions *options);

G_END_DECLS
