/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The input is a choice of model and graph, and what follows the header of a saved state. It is
 * refused, or the stream goes on from it.
 */

#include "fuzz.h"
#include "models.h"
#include "state.h"

static GByteArray *
save_header (const HearkenRecognizer *recognizer)
{
  g_autoptr (GBytes) state = hearken_recognizer_save (recognizer);
  GByteArray *header = g_byte_array_new ();
  HearkenStateReader reader = { 0 };
  const guint8 *start = reader.bytes = g_bytes_get_data (state, &reader.n_bytes);

  fuzz_skip_state_header (&reader);
  return g_byte_array_append (header, start, reader.bytes - start);
}

static void
go_on (HearkenRecognizer *recognizer)
{
  hearken_recognizer_push_silence (recognizer, 3000);
  fuzz_pull_all (recognizer);
  hearken_recognizer_finalize (recognizer);
  fuzz_pull_all (recognizer);
  hearken_recognizer_drain (recognizer, HEARKEN_END_REASON_EOS);
  fuzz_pull_all (recognizer);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const guint choice = size > 0 ? data[0] % (FUZZ_N_MODELS + FUZZ_N_GRAPHS - 1) : 0;
  const guint graph = choice < FUZZ_N_GRAPHS ? choice : 0;
  const guint model = choice < FUZZ_N_GRAPHS ? 0 : choice - FUZZ_N_GRAPHS + 1;
  g_autoptr (HearkenRecognizer) recognizer = hearken_recognizer_new (fuzz_get_model (model));
  g_autoptr (GError) error = NULL;

  if (size == 0)
    return 0;
  hearken_recognizer_set_graph (recognizer, fuzz_get_graph (graph));
  g_autoptr (GByteArray) bytes = save_header (recognizer);
  g_byte_array_append (bytes, data + 1, size - 1);
  hearken_state_put_checksum (bytes);
  g_autoptr (GBytes) state = g_bytes_new (bytes->data, bytes->len);
  const gboolean ok = hearken_recognizer_restore (recognizer, state, &error);
  g_assert (ok == (error == NULL));
  if (ok)
    go_on (recognizer);
  return 0;
}
