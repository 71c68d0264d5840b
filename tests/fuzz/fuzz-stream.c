/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * The input is what somebody does to a recogniser: pushes of any bytes as samples, silences, drains,
 * resets, settings, saved states restored whole and damaged. Nothing of it may crash, and every
 * result must be well formed.
 */

#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "hearken.h"
#include "models.h"
#include "state.h"

enum { PUSH, SILENCE, DRAIN, RESET, SETTINGS, RESTORE, DAMAGE, FINALIZE, N_ACTIONS };

typedef struct {
  const uint8_t *data;
  size_t size;
  guint model;     /* less than FUZZ_N_MODELS */
  bool is_damaged; /* since a damaged state was taken: numbers can be out of all bounds */
} Input;

/* The next @n bytes as a number; zeros follow the end. */
static guint
take (Input *input, guint n)
{
  guint value = 0;

  for (; n > 0 && input->size > 0; n--, input->size--)
    value = value << 8 | *input->data++;
  return value;
}

static void
push (HearkenRecognizer *recognizer, Input *input)
{
  const size_t n_bytes = take (input, 2) * sizeof (float); /* taken once: MIN evaluates twice */
  const size_t n_samples = MIN (n_bytes, input->size) / sizeof (float);
  g_autofree float *samples = g_new0 (float, n_samples + 1);

  if (n_samples > 0)
    memcpy (samples, input->data, n_samples * sizeof (float));
  input->data += n_samples * sizeof (float);
  input->size -= n_samples * sizeof (float);
  hearken_recognizer_push (recognizer, samples, n_samples);
}

static void
change_settings (HearkenRecognizer *recognizer, Input *input)
{
  hearken_recognizer_set_endpoint_silence_ms (recognizer, take (input, 1) * 10);
  hearken_recognizer_set_max_utterance_ms (recognizer, 100 + take (input, 1) * 10);
  hearken_recognizer_set_state_policy (recognizer, take (input, 1) % 2);
  hearken_recognizer_set_partial_interval_ms (recognizer, take (input, 1) * 4);
  hearken_recognizer_set_max_delay_ms (recognizer, take (input, 1) * 10);
  hearken_recognizer_set_initial_silence_ms (recognizer, take (input, 1) * 10);
  hearken_recognizer_set_n_best (recognizer, 1 + take (input, 1) % 20);
  hearken_recognizer_set_beam_width (recognizer, take (input, 1));
  if (input->model == 0)
    hearken_recognizer_set_graph (recognizer, fuzz_get_graph (take (input, 1)));
}

/* What was saved can be restored. */
static void
restore (HearkenRecognizer *recognizer, const Input *input)
{
  g_autoptr (GBytes) state = hearken_recognizer_save (recognizer);

  g_assert (hearken_recognizer_restore (recognizer, state, NULL) || input->is_damaged);
}

/* Damage is refused, or is a state like another. */
static void
damage (HearkenRecognizer *recognizer, Input *input)
{
  g_autoptr (GBytes) state = hearken_recognizer_save (recognizer);
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) bytes = g_bytes_unref_to_array (g_steal_pointer (&state));

  for (guint n = take (input, 1) % 16; n > 0; n--) {
    const guint at = take (input, 2) % bytes->len;
    bytes->data[at] = (guint8) take (input, 1);
  }
  if (take (input, 1) % 4 == 0)
    g_byte_array_set_size (bytes, take (input, 2) % bytes->len);
  else
    g_byte_array_set_size (bytes, bytes->len - HEARKEN_STATE_CHECKSUM_BYTES);
  hearken_state_put_checksum (bytes); /* or all damage would end there */
  g_autoptr (GBytes) damaged = g_bytes_new (bytes->data, bytes->len);
  const gboolean ok = hearken_recognizer_restore (recognizer, damaged, &error);
  g_assert (ok == (error == NULL));
  input->is_damaged |= ok;
}

static void
act (HearkenRecognizer *recognizer, Input *input)
{
  switch (take (input, 1) % N_ACTIONS) {
  case PUSH:
    push (recognizer, input);
    break;
  case SILENCE:
    hearken_recognizer_push_silence (recognizer, take (input, 2) % 2048);
    break;
  case DRAIN:
    hearken_recognizer_drain (recognizer, 1 + take (input, 1) % HEARKEN_END_REASON_MANUAL);
    input->is_damaged = false;
    break;
  case RESET:
    hearken_recognizer_reset (recognizer);
    input->is_damaged = false;
    break;
  case SETTINGS:
    change_settings (recognizer, input);
    break;
  case RESTORE:
    restore (recognizer, input);
    break;
  case DAMAGE:
    damage (recognizer, input);
    break;
  case FINALIZE:
    hearken_recognizer_finalize (recognizer);
    break;
  }
  fuzz_pull_all (recognizer);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Input input = { data, size, 0, false };
  HearkenRecognizer *recognizer;

  input.model = take (&input, 1) % FUZZ_N_MODELS;
  recognizer = hearken_recognizer_new (fuzz_get_model (input.model));

  /* An action can be a byte or two that make a second of silence: bound the time. */
  for (int n_actions = 0; input.size > 0 && n_actions < 40; n_actions++)
    act (recognizer, &input);
  hearken_recognizer_free (recognizer);
  return 0;
}
