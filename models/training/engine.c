/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * One stage of the engine for the training kit: raw native float32 on stdin, a NumPy file on
 * stdout.
 *
 *   hearken-engine features FRONTEND < samples > frames.npy
 *   hearken-engine outputs MODEL < frames > log-probabilities.npy
 *
 * FRONTEND is the JSON of hearken.frontend, without normalization; samples are mono and at its
 * rate. The frames that a model gets are normalised.
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "model-internal.h"

#define READ_FLOATS 16384
#define NPY_MAGIC "\x93NUMPY\x01\x00"
#define NPY_MAGIC_BYTES 8
#define NPY_ALIGNMENT 64

static G_NORETURN void
fail (const char *reason)
{
  g_printerr ("hearken-engine: %s\n", reason);
  exit (1);
}

/* Returns: (transfer full): all of stdin */
static GArray *
read_floats (void)
{
  GArray *values = g_array_new (FALSE, FALSE, sizeof (float));
  float block[READ_FLOATS];
  gsize n_read;

  while ((n_read = fread (block, sizeof *block, READ_FLOATS, stdin)) > 0)
    g_array_append_vals (values, block, n_read);
  for (guint i = 0; i < values->len; i++)
    if (!isfinite (g_array_index (values, float, i)))
      fail ("the input has values that are not finite");
  return values;
}

/* NumPy's format 1.0: magic, length of the header, header, rows. */
static void
write_rows (const GArray *values, gsize n_columns)
{
  const char order = G_BYTE_ORDER == G_LITTLE_ENDIAN ? '<' : '>';
  g_autofree char *header =
      g_strdup_printf ("{'descr': '%cf4', 'fortran_order': False, 'shape': (%" G_GSIZE_FORMAT
                       ", %" G_GSIZE_FORMAT "), }",
          order, values->len / n_columns, n_columns);
  const gsize start = NPY_MAGIC_BYTES + sizeof (guint16);
  const gsize end = (start + strlen (header) + NPY_ALIGNMENT) / NPY_ALIGNMENT * NPY_ALIGNMENT;
  const guint16 n_header_bytes = GUINT16_TO_LE ((guint16) (end - start));

  fwrite (NPY_MAGIC, 1, NPY_MAGIC_BYTES, stdout);
  fwrite (&n_header_bytes, sizeof n_header_bytes, 1, stdout);
  printf ("%-*s\n", (int) (end - start - 1), header);
  fwrite (values->data, sizeof (float), values->len, stdout);
  if (fflush (stdout) != 0)
    fail ("the output cannot be written");
}

static HearkenFrontend *
read_frontend (const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node =
      hearken_json_parse (json, strlen (json), HEARKEN_MODEL_ERROR_METADATA, &error);
  HearkenConfig config = { 0 };

  if (node == NULL || !hearken_config_read_frontend (&config, node, &error))
    fail (error->message);
  if (config.mean != NULL)
    fail ("the normalization is in a model's tensors, of which there are none");
  return hearken_frontend_new (&config.frontend);
}

/* Takes what frames are completed. */
static void
pull_frames (HearkenFrontendStream *stream, float *frame, gsize dim, GArray *frames)
{
  while (hearken_frontend_stream_pull (stream, frame))
    g_array_append_vals (frames, frame, dim);
}

static void
features (const char *json)
{
  HearkenFrontend *frontend = read_frontend (json);
  HearkenFrontendStream *stream = hearken_frontend_stream_new (frontend);
  const gsize dim = hearken_frontend_config_get_dim (hearken_frontend_get_config (frontend));
  g_autofree float *frame = g_new (float, dim);
  g_autoptr (GArray) samples = read_floats ();
  g_autoptr (GArray) frames = g_array_new (FALSE, FALSE, sizeof (float));

  for (gsize i = 0; i < samples->len;) {
    i += hearken_frontend_stream_push (stream, (float *) samples->data + i, samples->len - i);
    pull_frames (stream, frame, dim, frames);
  }
  hearken_frontend_stream_drain (stream);
  pull_frames (stream, frame, dim, frames);
  write_rows (frames, dim);
  hearken_frontend_stream_free (stream);
  hearken_frontend_free (frontend);
}

static void
outputs (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HearkenModel) model = hearken_model_load (path, &error);
  if (model == NULL)
    fail (error->message);
  HearkenNetworkStream *stream = hearken_network_stream_new (&model->network);
  const gsize n_inputs = hearken_network_get_n_inputs (&model->network);
  g_autofree float *steps = g_new (float, HEARKEN_MAX_BLOCK * model->n_tokens);
  g_autoptr (GArray) frames = read_floats ();
  g_autoptr (GArray) log_probs = g_array_new (FALSE, FALSE, sizeof (float));
  gsize n_steps;

  if (frames->len % n_inputs != 0)
    fail ("the input is not whole frames");
  for (gsize i = 0; i < frames->len; i += HEARKEN_MAX_BLOCK * n_inputs) {
    const gsize n_frames = MIN (HEARKEN_MAX_BLOCK, (frames->len - i) / n_inputs);
    n_steps = hearken_network_stream_push (stream, (float *) frames->data + i, n_frames, steps);
    g_array_append_vals (log_probs, steps, n_steps * model->n_tokens);
  }
  while ((n_steps = hearken_network_stream_drain (stream, HEARKEN_MAX_BLOCK, steps)) > 0)
    g_array_append_vals (log_probs, steps, n_steps * model->n_tokens);
  write_rows (log_probs, model->n_tokens);
  hearken_network_stream_free (stream);
}

int
main (int argc, char **argv)
{
  if (argc == 3 && strcmp (argv[1], "features") == 0)
    features (argv[2]);
  else if (argc == 3 && strcmp (argv[1], "outputs") == 0)
    outputs (argv[2]);
  else
    fail ("usage: hearken-engine features FRONTEND | outputs MODEL");
  return 0;
}
