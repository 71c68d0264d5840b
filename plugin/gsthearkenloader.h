/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Loads what the element recognises with: the model, and the graph of what may be said. From NULL to
 * READY at once; when a property changes later, in a thread of its own, so that neither the
 * application nor the stream waits for files. All functions are safe from any thread.
 */
#pragma once

#include <gst/gst.h>

#include "gsthearkensettings.h"

typedef struct GstHearkenLoader GstHearkenLoader;

/* @owner: in whose name messages are posted; outlives the loader */
GstHearkenLoader *gst_hearken_loader_new (GstElement *owner);
void gst_hearken_loader_free (GstHearkenLoader *loader);

/**
 * gst_hearken_loader_request:
 * @with_model: whether the model is to be loaded, too: another one, or what its file is now
 *
 * What is to be loaded: of several requests only the latest counts. While the loader is stopped it
 * only remembers; else it begins to load. What cannot be loaded is told in a warning message, and
 * all stays as it was.
 */
void gst_hearken_loader_request (
    GstHearkenLoader *loader, const GstHearkenSettings *settings, gboolean with_model);

/* Loads what was requested. Returns: whether it could; if not, a RESOURCE error has been posted */
gboolean gst_hearken_loader_start (GstHearkenLoader *loader);
/* Waits until what was requested has been loaded, or cannot be. */
void gst_hearken_loader_wait (GstHearkenLoader *loader);
/* Lets go of it. What is still being loaded will be dropped. */
void gst_hearken_loader_stop (GstHearkenLoader *loader);

/* Returns: (transfer full) (nullable): what was loaded last; %NULL before start and after stop.
 * @graph: (out) (optional) (transfer full) (nullable): what may be said with it */
HearkenModel *gst_hearken_loader_get (GstHearkenLoader *loader, HearkenGraph **graph);
