/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The element `hearkenscope`: audio in, video out that shows how it is heard. It is there if the
 * plugin was built with cairo. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

GST_ELEMENT_REGISTER_DECLARE (hearkenscope)

G_END_DECLS
