/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * Where utterances begin and end, from where the best path has tokens. Rules of silence after
 * speech, silence before any, and greatest length, as in Kaldi's online decoders, in network steps.
 */
#pragma once

#include <stdbool.h>

#include "result.h"
#include "state.h"

typedef struct {
  guint64 silence_steps; /* after speech; 0: never */
  guint64 initial_steps; /* of silence before any speech; 0: never */
  guint64 max_steps;     /* since the first token, > 0 */
} HearkenEndpointRules;

typedef struct {
  guint64 waits_since;   /* the step at which the utterance could begin */
  guint64 speech_since;  /* the step at which its first token began */
  guint64 speech_until;  /* the step after the latest token or word */
  bool is_open;          /* it has a token */
  bool has_told_silence; /* there is no more to tell until speech begins */
} HearkenEndpoint;

typedef enum {
  HEARKEN_ENDPOINT_NONE,
  HEARKEN_ENDPOINT_NO_SPEECH, /* the initial silence has passed */
  HEARKEN_ENDPOINT_SILENCE,
  HEARKEN_ENDPOINT_MAX_LENGTH,
} HearkenEndpointEvent;

/* A stream begins. */
void hearken_endpoint_reset (HearkenEndpoint *endpoint);
/* An utterance has ended; the next can begin at @step. */
void hearken_endpoint_next (HearkenEndpoint *endpoint, guint64 step);
/* There was a token or a word in the steps [@start, @end). Returns: whether it began the utterance */
bool hearken_endpoint_hear (HearkenEndpoint *endpoint, guint64 start, guint64 end);
/* Whether there was as much silence as ends an utterance. @n_steps: so far; @is_silent: whether the latest
 * was blank */
bool hearken_endpoint_has_silence (const HearkenEndpoint *endpoint,
    const HearkenEndpointRules *rules, guint64 n_steps, bool is_silent);
/* @n_steps, @is_silent: as above. */
HearkenEndpointEvent hearken_endpoint_check (
    HearkenEndpoint *endpoint, const HearkenEndpointRules *rules, guint64 n_steps, bool is_silent);

void hearken_endpoint_save (const HearkenEndpoint *endpoint, HearkenStateWriter *writer);
/* @n_steps: so far */
bool hearken_endpoint_restore (
    HearkenEndpoint *endpoint, HearkenStateReader *reader, guint64 n_steps);
