/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* Which work has a record. */
#pragma once

#include "record.h"
#include "work-list.h"

G_BEGIN_DECLS

typedef struct ToolLedger ToolLedger;

/* @list: (element-type ToolWork): must outlive the ledger; what it finds is noted there */
ToolLedger *tool_ledger_new (const GPtrArray *list);
void tool_ledger_free (ToolLedger *ledger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolLedger, tool_ledger_free)

/**
 * tool_ledger_add:
 * @ledger: a #ToolLedger, as #ToolRecordFunc has it
 *
 * Of several records of the same work the last one counts. Two that it is done are too many, unless the file
 * was another by then.
 */
void tool_ledger_add (const ToolRecord *head, gint64 start, gpointer ledger);

/* Records of work that is not on the list. */
guint tool_ledger_get_n_strangers (const ToolLedger *ledger);

G_END_DECLS
