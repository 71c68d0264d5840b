/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The input is a model file. Whatever it is, it loads or is refused with a reason; what loads, runs. */

#include "fuzz.h"
#include "hearken.h"

static void
run (HearkenModel *model)
{
  HearkenRecognizer *recognizer = hearken_recognizer_new (model);
  HearkenResult *result;

  hearken_recognizer_push_silence (recognizer, 2000);
  hearken_recognizer_drain (recognizer, HEARKEN_END_REASON_EOS);
  while ((result = hearken_recognizer_pull (recognizer)) != NULL)
    hearken_result_free (result);
  hearken_recognizer_free (recognizer);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (HearkenModel) model = hearken_model_new_from_bytes (bytes, "fuzz", &error);

  g_assert ((model == NULL) == (error != NULL));
  if (model != NULL)
    run (model);
  return 0;
}
