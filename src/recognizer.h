/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * One stream of audio on its way to text: front end, network and decoder with all their state.
 * Memory and work per second of audio are constant, for ever. However the audio is cut into
 * pushes, the results are the same to the last bit.
 */
#pragma once

#include <glib.h>

#include "graph.h"
#include "model.h"
#include "result.h"
#include "trace.h"
#include "visibility.h"

G_BEGIN_DECLS

/**
 * HearkenStatePolicy:
 * @HEARKEN_STATE_POLICY_PERSIST: the LSTM's state is carried over endpoints, for the whole stream
 * @HEARKEN_STATE_POLICY_RESET_ON_ENDPOINT: the LSTM starts from zero state after every endpoint
 */
typedef enum {
  HEARKEN_STATE_POLICY_PERSIST,
  HEARKEN_STATE_POLICY_RESET_ON_ENDPOINT,
} HearkenStatePolicy;

/**
 * HearkenStateError:
 * @HEARKEN_STATE_ERROR_FORMAT: the bytes are not a saved state, or are damaged
 * @HEARKEN_STATE_ERROR_MODEL: the state was saved from a recogniser of another model
 * @HEARKEN_STATE_ERROR_GRAPH: the state was saved with another graph
 */
typedef enum {
  HEARKEN_STATE_ERROR_FORMAT,
  HEARKEN_STATE_ERROR_MODEL,
  HEARKEN_STATE_ERROR_GRAPH,
} HearkenStateError;

#define HEARKEN_STATE_ERROR (hearken_state_error_quark ())
HEARKEN_API GQuark hearken_state_error_quark (void);

typedef struct _HearkenRecognizer HearkenRecognizer;

/* Returns: (transfer full): a recogniser at the start of a stream; it keeps a reference to @model */
HEARKEN_API HearkenRecognizer *hearken_recognizer_new (HearkenModel *model);
HEARKEN_API void hearken_recognizer_free (HearkenRecognizer *recognizer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HearkenRecognizer, hearken_recognizer_free)

/* Settings; they hold from the next push on and survive drain, reset and restore. */

/* What may be said; it must have been made for the same model, and a reference is kept. %NULL, the
 * default: every token is possible. Takes effect when the next utterance begins, at once if none is
 * open. */
HEARKEN_API void hearken_recognizer_set_graph (HearkenRecognizer *recognizer, HearkenGraph *graph);
/* Silence after the last token that ends an utterance, in ms of audio; 0: never. Default 800. */
HEARKEN_API void hearken_recognizer_set_endpoint_silence_ms (
    HearkenRecognizer *recognizer, guint milliseconds);
/* Silence before any speech that is told as %HEARKEN_LEVEL_ACTIVITY "silence", once until speech
 * begins, in ms of audio; 0: never. Default 0. */
HEARKEN_API void hearken_recognizer_set_initial_silence_ms (
    HearkenRecognizer *recognizer, guint milliseconds);
/* Length at which an utterance is ended in any case, in ms of audio, 100 … 600000.
 * Default 30000. */
HEARKEN_API void hearken_recognizer_set_max_utterance_ms (
    HearkenRecognizer *recognizer, guint milliseconds);
/* Default %HEARKEN_STATE_POLICY_PERSIST. */
HEARKEN_API void hearken_recognizer_set_state_policy (
    HearkenRecognizer *recognizer, HearkenStatePolicy policy);

/* Hypotheses that are followed, 1 … 1000; 0, the default: the model's own number. */
HEARKEN_API void hearken_recognizer_set_beam_width (HearkenRecognizer *recognizer, guint width);
/* Sentences told with a final utterance, 1 … 20. Default 1: no alternatives. */
HEARKEN_API void hearken_recognizer_set_n_best (HearkenRecognizer *recognizer, guint n_best);
/* Time between results that are not final, in ms of audio; 0: none. Default 0. Such a result comes
 * when its text has changed: the words that are not final yet, and the utterance so far, whose
 * latest revision tells which of the words still hold. */
HEARKEN_API void hearken_recognizer_set_partial_interval_ms (
    HearkenRecognizer *recognizer, guint milliseconds);
/* Time after which a word is final even if it could still turn out to be another, in ms of audio
 * from its end; 0: only when it is certain. Default 3000. With a grammar, words are final when their
 * sentence is. */
HEARKEN_API void hearken_recognizer_set_max_delay_ms (
    HearkenRecognizer *recognizer, guint milliseconds);
/* The confidence under which an utterance heard with a grammar is rejected, 0 … 1. Default 0: what
 * is no sentence of the grammar is rejected, nothing else. */
HEARKEN_API void hearken_recognizer_set_rejection_threshold (
    HearkenRecognizer *recognizer, double threshold);
/* For keywords that have no threshold of their own, 0 … 1. Default 0.5. */
HEARKEN_API void hearken_recognizer_set_keyword_threshold (
    HearkenRecognizer *recognizer, double threshold);
/* Time from one hearing of a keyword to the next of the same, in ms of audio. Default 500. */
HEARKEN_API void hearken_recognizer_set_keyword_debounce_ms (
    HearkenRecognizer *recognizer, guint milliseconds);

/* Hears all that the recogniser hears, and starts a new stream when it does; it must outlive the
 * recogniser. To be set at the start of a stream. Default %NULL: none. */
HEARKEN_API void hearken_recognizer_set_tracer (
    HearkenRecognizer *recognizer, HearkenTracer *tracer);
/* For a new recogniser that goes on where @earlier, of whatever model, ends: its counts of utterances
 * and bad samples go on from there. */
HEARKEN_API void hearken_recognizer_succeed (
    HearkenRecognizer *recognizer, const HearkenRecognizer *earlier);

/**
 * hearken_recognizer_push:
 * @samples: (array length=n_samples): mono audio at the model's rate, full scale ±1
 *
 * Samples that are NaN, infinite or beyond ±%HEARKEN_MAX_AMPLITUDE are taken as silence and
 * counted. Allocates nothing but results.
 */
HEARKEN_API void hearken_recognizer_push (
    HearkenRecognizer *recognizer, const float *samples, gsize n_samples);

/* Pushes @n_samples of digital silence. */
HEARKEN_API void hearken_recognizer_push_silence (HearkenRecognizer *recognizer, guint64 n_samples);

/* Returns: (transfer full) (nullable): the oldest result not yet pulled, %NULL if there is none */
HEARKEN_API HearkenResult *hearken_recognizer_pull (HearkenRecognizer *recognizer);

/**
 * hearken_recognizer_drain:
 * @reason: the end reason of the open utterance, if there is one
 *
 * Ends the stream: what the look-ahead held back is recognised and the open utterance closed; the
 * last results wait to be pulled. The next push starts a new stream at sample 0.
 */
HEARKEN_API void hearken_recognizer_drain (HearkenRecognizer *recognizer, HearkenEndReason reason);

/* Ends the open utterance now: all that was pushed is recognised, the look-ahead's part too, and the
 * last results wait to be pulled, with the end reason manual. The stream goes on; what is pushed
 * next is a new utterance. A word that is cut in two may be lost, one that begins after it is not. */
HEARKEN_API void hearken_recognizer_finalize (HearkenRecognizer *recognizer);

/* Drops everything, results not yet pulled too; the next push starts a new stream at sample 0.
 * Only the utterance and bad sample counters go on. */
HEARKEN_API void hearken_recognizer_reset (HearkenRecognizer *recognizer);

/* Samples pushed since the start of the stream. */
HEARKEN_API guint64 hearken_recognizer_get_position_samples (const HearkenRecognizer *recognizer);
/* Samples taken as silence because they were no audio, since the recogniser was created. */
HEARKEN_API guint64 hearken_recognizer_get_n_bad_samples (const HearkenRecognizer *recognizer);

/* 40 dB over full scale; nothing that a sound card or decoder delivers comes near it. */
#define HEARKEN_MAX_AMPLITUDE 100.0f

/**
 * hearken_recognizer_save:
 *
 * The complete state of the stream as a value: restored into a recogniser of the same model, graph
 * and settings, in this process or another, recognition goes on bit-identically. Pull all results
 * first: those that wait are not part of the state. The bytes are meant for the same version of
 * Hearken on the same kind of machine.
 *
 * Returns: (transfer full): the state
 */
HEARKEN_API GBytes *hearken_recognizer_save (const HearkenRecognizer *recognizer);

/**
 * hearken_recognizer_restore:
 * @state: from hearken_recognizer_save(); any bytes are safe
 *
 * Returns: %FALSE with @error set (%HEARKEN_STATE_ERROR) if @state does not fit; the recogniser is
 *   then as it was
 */
HEARKEN_API gboolean hearken_recognizer_restore (
    HearkenRecognizer *recognizer, GBytes *state, GError **error);

/* Returns: the variant of the numeric kernels in use, for logs: the best for this machine, or the
 * one that the environment variable HEARKEN_KERNELS names ("c" is plain C) */
HEARKEN_API const char *hearken_get_kernels_name (void);

G_END_DECLS
