/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Where transcripts go: each into a file of its own, whole or not at all; or all to standard
 * output, in the order of the inputs, as soon as that allows.
 */
#pragma once

#include "format.h"
#include "inputs.h"

G_BEGIN_DECLS

/**
 * tool_output_paths_new:
 * @dir: (type filename): the output directory
 * @inputs: (element-type ToolInput)
 *
 * An output is called like its input, with the format's suffix. Where several inputs would have
 * the same output, they keep their own suffixes too.
 *
 * Returns: (transfer full) (element-type filename) (nullable): the outputs' paths; %NULL with @error
 *   set where that does not tell them apart either
 */
GPtrArray *tool_output_paths_new (
    const char *dir, const GPtrArray *inputs, const ToolFormat *format, GError **error);

/* Whether the output is there and not older than the input. */
gboolean tool_output_is_done (const char *path, const ToolInput *input);

/* Writes the file by way of a temporary one, and the directories it is in. Returns: %FALSE with
 * @error set */
gboolean tool_output_write (const char *path, const GString *text, GError **error);

/* Writes what was heard in one recording to a file of its own, as tool_output_write(). @utterances:
 * (element-type ToolUtterance) */
gboolean tool_output_write_transcript (const char *path, const ToolFormat *format,
    const char *label, const GPtrArray *utterances, GError **error);

/* The transcripts on standard output. */
typedef struct ToolSpool ToolSpool;

/* @inputs: (element-type ToolInput): must outlive the spool */
ToolSpool *tool_spool_new (const GPtrArray *inputs, const ToolFormat *format);
void tool_spool_free (ToolSpool *spool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolSpool, tool_spool_free)

/* @utterance: (transfer full). Both print what its turn it is. Returns: %FALSE with @error set */
gboolean tool_spool_add (ToolSpool *spool, guint index, ToolUtterance *utterance, GError **error);
/* No more utterances of this input. @failure: (nullable): why it failed */
gboolean tool_spool_end (ToolSpool *spool, guint index, const GError *failure, GError **error);
/* No more inputs; those that were never ended are left out. */
gboolean tool_spool_close (ToolSpool *spool, GError **error);

G_END_DECLS
