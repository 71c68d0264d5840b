/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "cut.h"

#include "feed.h"

#define RATE_HZ 16000
#define BLOCK_NS (10 * GST_MSECOND)
#define WINDOW_BLOCKS 50
#define MAX_REACH_NS (15 * GST_SECOND)
/* Steps of 10 to 60 ms, as models have them, begin where they do without a cut. */
#define GRID_NS (120 * GST_MSECOND)

/* The energy around a place. */
typedef struct {
  GstClockTime start;
  gsize n_blocks;
  double *energies; /* [n_blocks] */
} Loudness;

static void
add_samples (const float *samples, gsize n_samples, GstClockTime time, gpointer data)
{
  Loudness *loudness = data;

  if (!GST_CLOCK_TIME_IS_VALID (time))
    return;
  for (gsize i = 0; i < n_samples; i++) {
    GstClockTime now = time + i * GST_SECOND / RATE_HZ;
    gsize block = now >= loudness->start ? (now - loudness->start) / BLOCK_NS : G_MAXSIZE;

    if (block < loudness->n_blocks)
      loudness->energies[block] += (double) samples[i] * samples[i];
  }
}

gsize
tool_cut_find_quietest (const double *energies, gsize n_blocks, gsize n_window_blocks)
{
  double least = G_MAXDOUBLE;
  gsize best = 0;

  for (gsize i = 0; i + n_window_blocks <= n_blocks; i++) {
    double energy = 0;

    for (gsize k = i; k < i + n_window_blocks; k++)
      energy += energies[k];
    if (energy < least) {
      least = energy;
      best = i;
    }
  }
  return best;
}

/* Returns: the middle of the quietest place at most @reach away */
static gboolean
find_silence (const ToolInput *input, GstClockTime around, GstClockTime reach,
    GstClockTime *silence, GError **error)
{
  Loudness loudness = { around - reach, 2 * reach / BLOCK_NS, NULL };
  g_autofree double *energies = g_new0 (double, loudness.n_blocks);
  const ToolSpan span = { around - reach, around + reach };
  gsize block;

  loudness.energies = energies;
  if (!tool_decode_span (input->uri, RATE_HZ, &span, add_samples, &loudness, error))
    return FALSE;
  block = tool_cut_find_quietest (energies, loudness.n_blocks, WINDOW_BLOCKS) + WINDOW_BLOCKS / 2;
  *silence = gst_util_uint64_scale_round (loudness.start + block * BLOCK_NS, 1, GRID_NS) * GRID_NS;
  return TRUE;
}

/* The border before part @index. */
static gboolean
find_border (const ToolWork *work, guint index, GstClockTime *border, GError **error)
{
  GstClockTime part = tool_work_get_seconds (work) * GST_SECOND;

  return find_silence (work->input, index * part, MIN (part / 4, MAX_REACH_NS), border, error);
}

gboolean
tool_cut_find (const ToolWork *work, GstClockTime *start, GstClockTime *stop, GError **error)
{
  const ToolShare part = work->part;

  *start = 0;
  *stop = GST_CLOCK_TIME_NONE;
  return (part.index == 0 || find_border (work, part.index, start, error)) &&
         (part.index + 1 == part.count || find_border (work, part.index + 1, stop, error));
}
