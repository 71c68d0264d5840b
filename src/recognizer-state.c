/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The state of a stream as bytes, and a stream that goes on from them. */

#include "recognizer-internal.h"

#include <string.h>

#include "graph-internal.h"

#define STATE_MAGIC "hearken-state-4"

GQuark
hearken_state_error_quark (void)
{
  return g_quark_from_static_string ("hearken-state-error-quark");
}

GBytes *
hearken_recognizer_save (const HearkenRecognizer *recognizer)
{
  HearkenStateWriter *writer;

  g_return_val_if_fail (recognizer != NULL, NULL);
  g_return_val_if_fail (!hearken_decoder_has_results (recognizer->decoder), NULL);

  writer = g_byte_array_new ();
  hearken_state_put_string (writer, STATE_MAGIC);
  hearken_state_put_u64 (writer, recognizer->model->digest);
  hearken_state_put_u64 (writer, hearken_decoder_get_graph_digest (recognizer->decoder));
  hearken_state_put_u64 (writer, recognizer->position_samples);
  hearken_state_put_u64 (writer, recognizer->n_bad_samples);
  hearken_state_put_u64 (writer, recognizer->n_skipped_steps);
  hearken_frontend_stream_save (recognizer->frontend, writer);
  hearken_network_stream_save (recognizer->network, writer);
  hearken_decoder_save (recognizer->decoder, writer);
  hearken_state_put_checksum (writer);
  return g_byte_array_free_to_bytes (writer);
}

/* A stream that is drained is over: it would take no samples any more. */
static bool
restore_streams (HearkenRecognizer *recognizer, HearkenStateReader *reader)
{
  return hearken_state_get_u64 (reader, G_MAXINT64, &recognizer->position_samples) &&
         hearken_state_get_u64 (reader, G_MAXINT64, &recognizer->n_bad_samples) &&
         hearken_state_get_u64 (reader, G_MAXINT64, &recognizer->n_skipped_steps) &&
         hearken_frontend_stream_restore (recognizer->frontend, reader) &&
         !hearken_frontend_stream_is_drained (recognizer->frontend) &&
         hearken_network_stream_restore (recognizer->network, reader) &&
         hearken_decoder_restore (recognizer->decoder, reader) && reader->n_bytes == 0;
}

static bool
check_header (const HearkenRecognizer *recognizer, HearkenStateReader *reader, GError **error)
{
  g_autofree char *magic = NULL;
  guint64 digest;

  if (!hearken_state_take_checksum (reader)) {
    g_set_error (error, HEARKEN_STATE_ERROR, HEARKEN_STATE_ERROR_FORMAT,
        "not a saved state, or one that is damaged or cut short");
    return false;
  }
  if (!hearken_state_get_string (reader, strlen (STATE_MAGIC), &magic) ||
      !g_str_equal (magic, STATE_MAGIC) || !hearken_state_get_u64 (reader, G_MAXUINT64, &digest)) {
    g_set_error (error, HEARKEN_STATE_ERROR, HEARKEN_STATE_ERROR_FORMAT,
        "not a saved state of this version of Hearken");
    return false;
  }
  if (digest != recognizer->model->digest) {
    g_set_error (error, HEARKEN_STATE_ERROR, HEARKEN_STATE_ERROR_MODEL,
        "the state was saved with another model than “%s”", recognizer->model->name);
    return false;
  }
  return true;
}

/* Gives @restored the graph that the state was saved with: the recogniser's own, or that which it will
 * use from the next utterance on. */
static bool
find_graph (const HearkenRecognizer *recognizer, HearkenRecognizer *restored,
    HearkenStateReader *reader, GError **error)
{
  HearkenGraph *const graphs[] = { hearken_decoder_get_graph (recognizer->decoder),
    hearken_decoder_get_next_graph (recognizer->decoder) };
  guint64 digest;

  if (!hearken_state_get_u64 (reader, G_MAXUINT64, &digest)) {
    g_set_error (error, HEARKEN_STATE_ERROR, HEARKEN_STATE_ERROR_FORMAT,
        "the saved state does not say what may be said");
    return false;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (graphs); i++) {
    hearken_decoder_set_graph (restored->decoder, graphs[i]);
    if (digest == hearken_decoder_get_graph_digest (restored->decoder))
      return true;
  }
  g_set_error (error, HEARKEN_STATE_ERROR, HEARKEN_STATE_ERROR_GRAPH,
      "the state was saved with another graph: dictionary, language model, grammar or lists");
  return false;
}

/* Puts the restored streams in the place of the recogniser's own. */
static void
adopt_streams (HearkenRecognizer *recognizer, HearkenRecognizer *restored)
{
  const HearkenRecognizer old = *recognizer;

  *recognizer = *restored;
  *restored = old;
  recognizer->tracer = old.tracer;
}

gboolean
hearken_recognizer_restore (HearkenRecognizer *recognizer, GBytes *state, GError **error)
{
  g_autoptr (HearkenRecognizer) restored = NULL;
  HearkenStateReader reader = { 0 };

  g_return_val_if_fail (recognizer != NULL && state != NULL, FALSE);

  reader.bytes = g_bytes_get_data (state, &reader.n_bytes);
  if (!check_header (recognizer, &reader, error))
    return FALSE;
  restored = hearken_recognizer_new (recognizer->model);
  hearken_recognizer_copy_settings (restored, recognizer);
  if (!find_graph (recognizer, restored, &reader, error))
    return FALSE;
  if (!restore_streams (restored, &reader)) {
    g_set_error (error, HEARKEN_STATE_ERROR, HEARKEN_STATE_ERROR_FORMAT,
        "the saved state has values that cannot be");
    return FALSE;
  }
  hearken_decoder_set_graph (
      restored->decoder, hearken_decoder_get_next_graph (recognizer->decoder));
  adopt_streams (recognizer, restored);
  return TRUE;
}
