/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The state of a stream on its way to another process: bytes that tell whether they are whole, and
 * of this version of Hearken.
 */
#pragma once

#include <glib.h>

/* @content: (transfer floating). Returns: (transfer full) */
GBytes *gst_hearken_state_pack (GVariant *content);
/* @bytes: any. Returns: (transfer full) (nullable): the content, if it is of @type; else %NULL with
 * @error set (%HEARKEN_STATE_ERROR_FORMAT) */
GVariant *gst_hearken_state_unpack (GBytes *bytes, const char *type, GError **error);
