/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * A model: the immutable, shareable half of a recogniser. It is read from one safetensors file,
 * every length, offset, dtype, shape and value of which is checked before use.
 * docs/model-format.md describes the file.
 */
#pragma once

#include <glib.h>

#include "visibility.h"

G_BEGIN_DECLS

/**
 * HearkenModelError:
 * @HEARKEN_MODEL_ERROR_IO: the file cannot be read
 * @HEARKEN_MODEL_ERROR_FORMAT: the bytes are not a well-formed safetensors file
 * @HEARKEN_MODEL_ERROR_METADATA: a `hearken.*` description is missing, malformed or contradictory
 * @HEARKEN_MODEL_ERROR_TENSOR: a tensor is missing, or has the wrong dtype, shape or values
 * @HEARKEN_MODEL_ERROR_UNSUPPORTED: well-formed, but nothing this version can run: a newer format,
 *   a bidirectional LSTM, an unknown layer or front end
 *
 * The message always names the file, the tensor or key, and the reason.
 */
typedef enum {
  HEARKEN_MODEL_ERROR_IO,
  HEARKEN_MODEL_ERROR_FORMAT,
  HEARKEN_MODEL_ERROR_METADATA,
  HEARKEN_MODEL_ERROR_TENSOR,
  HEARKEN_MODEL_ERROR_UNSUPPORTED,
} HearkenModelError;

#define HEARKEN_MODEL_ERROR (hearken_model_error_quark ())
HEARKEN_API GQuark hearken_model_error_quark (void);

/**
 * HearkenTask:
 * @HEARKEN_TASK_CTC: tokens at any time, one output is the blank (Graves et al., 2006)
 * @HEARKEN_TASK_CLASSIFY: one token for a whole sequence, from the network's last step
 */
typedef enum {
  HEARKEN_TASK_CTC,
  HEARKEN_TASK_CLASSIFY,
} HearkenTask;

typedef struct _HearkenModel HearkenModel;

/**
 * hearken_model_load:
 * @path: a .safetensors file, in the encoding of the file system; metadata that it lacks is taken
 *   from a .json file of the same base name beside it
 *
 * Loading a file that is already loaded in this process from the same directory, and has not changed
 * since, returns the same model again. The file is read, not mapped: it may be replaced or truncated afterwards.
 *
 * Returns: (transfer full) (nullable): the model, or %NULL with @error set
 */
HEARKEN_API HearkenModel *hearken_model_load (const char *path, GError **error);

/**
 * hearken_model_new_from_bytes:
 * @bytes: a whole safetensors file; not needed after the call
 * @name: what error messages call it
 *
 * Returns: (transfer full) (nullable): a model of its own, or %NULL with @error set
 */
HEARKEN_API HearkenModel *hearken_model_new_from_bytes (
    GBytes *bytes, const char *name, GError **error);

HEARKEN_API HearkenModel *hearken_model_ref (HearkenModel *model);
HEARKEN_API void hearken_model_unref (HearkenModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HearkenModel, hearken_model_unref)

/* All strings below belong to the model. */

/* A human-readable name; the file's base name where the metadata has none. */
HEARKEN_API const char *hearken_model_get_name (const HearkenModel *model);
/* A BCP 47 tag such as "en", or NULL where the metadata has none. */
HEARKEN_API const char *hearken_model_get_language (const HearkenModel *model);
/* An SPDX expression, or NULL where the metadata has none. */
HEARKEN_API const char *hearken_model_get_licence (const HearkenModel *model);
HEARKEN_API HearkenTask hearken_model_get_task (const HearkenModel *model);
/* The only sample rate the model takes, in Hz. */
HEARKEN_API guint hearken_model_get_sample_rate_hz (const HearkenModel *model);
/* Number of the network's outputs, the blank included. */
HEARKEN_API guint hearken_model_get_n_tokens (const HearkenModel *model);
/* The text of output @token (< n_tokens). */
HEARKEN_API const char *hearken_model_get_token (const HearkenModel *model, guint token);
/* Audio per network step, in samples: hop × the product of the splices' strides. */
HEARKEN_API guint hearken_model_get_step_samples (const HearkenModel *model);
/* The longest time, in samples, from a sound's last sample to the push that can recognise it:
 * window, deltas' and splices' look-ahead, and one step to see that the token has ended. */
HEARKEN_API guint hearken_model_get_latency_samples (const HearkenModel *model);
/* Returns: (transfer full): what the model is, in lines for people: tokens, features, layers … */
HEARKEN_API char *hearken_model_describe (const HearkenModel *model);

G_END_DECLS
