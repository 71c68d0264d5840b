/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The work list of an archive, DIR/work.tsv: all its recordings, some in parts, and which shard each belongs
 * to. It is made once; after that all tasks, also those that come again, go by it, whatever happens to the
 * recordings meanwhile.
 *
 *   path                 name      seconds  part  shard
 *   recordings/a/1.wav   a/1.wav   3.540    0/1   2/8
 */
#pragma once

#include "inputs.h"
#include "share.h"

G_BEGIN_DECLS

/* Parts have to have silences to be cut at. */
#define TOOL_MIN_SPLIT_SECONDS 10

/* Returns: (transfer full) (type filename) */
char *tool_work_list_get_path (const char *dir);

typedef enum { TOOL_WORK_MISSING, TOOL_WORK_FAILED, TOOL_WORK_DONE } ToolWorkState;

/* A line of it: a recording, or a part of one. */
typedef struct {
  ToolInput *input; /* its seconds: of the whole recording */
  ToolShare part;
  ToolShare shard;

  /* What tool_ledger_add() finds. */
  ToolWorkState state;
  gboolean is_otherwise; /* with other options than what was done first */
  gboolean is_double;    /* two records say that the same file is done */
  gint64 size;           /* of the file, as of mtime: when it was recognised */
  gint64 mtime;
  gint64 start; /* of the record that counts, in the shard's file */
} ToolWork;

void tool_work_free (ToolWork *work);
/* The part's length as the work list sees it; 0: not known. */
double tool_work_get_seconds (const ToolWork *work);
/* What it is called in messages: the recording, and the part if it is one. Returns: (transfer full) */
char *tool_work_get_label (const ToolWork *work);

/**
 * tool_work_list_plan:
 * @inputs: (element-type ToolInput): files; emptied, as they go into what is returned
 * @split_seconds: recordings that are longer, and have their length known, are work in parts of at most that;
 *   0: none is
 *
 * Returns: (transfer full) (element-type ToolWork) (nullable): in the order of @inputs; %NULL with @error set
 *   if something is no file, is there twice or has a name that fits no list
 */
GPtrArray *tool_work_list_plan (GPtrArray *inputs, double split_seconds, GError **error);

/* Deals the work out to shards of about the same length. */
void tool_work_list_deal (GPtrArray *list, guint n_shards);
/* 0 for an empty list. */
guint tool_work_list_get_n_shards (const GPtrArray *list);

/* Writes it, whole or not at all. Returns: %FALSE with @error set */
gboolean tool_work_list_write (const GPtrArray *list, const char *dir, GError **error);

/**
 * tool_work_list_read:
 * @shard: (nullable): whose work is read; %NULL: all
 *
 * Returns: (transfer full) (element-type ToolWork) (nullable): %NULL with @error set, which is
 *   %G_IO_ERROR_INVALID_ARGUMENT if the list is for another number of shards
 */
GPtrArray *tool_work_list_read (const char *dir, const ToolShare *shard, GError **error);

G_END_DECLS
