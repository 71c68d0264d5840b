/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/* The properties of `hearken`: what they are called, which values they take, where they are kept. */
#pragma once

#include <gst/gst.h>

#include "recognizer.h"

/* Which levels are emitted. */
typedef enum {
  GST_HEARKEN_LEVELS_TOKEN = 1 << HEARKEN_LEVEL_TOKEN,
  GST_HEARKEN_LEVELS_WORD = 1 << HEARKEN_LEVEL_WORD,
  GST_HEARKEN_LEVELS_UTTERANCE = 1 << HEARKEN_LEVEL_UTTERANCE,
  GST_HEARKEN_LEVELS_ACTIVITY = 1 << HEARKEN_LEVEL_ACTIVITY,
} GstHearkenLevels;

/* What happens to audio that comes too late to be played. */
typedef enum {
  GST_HEARKEN_LATE_POLICY_BLOCK,
  GST_HEARKEN_LATE_POLICY_DROP,
} GstHearkenLatePolicy;

#define GST_TYPE_HEARKEN_LEVELS (gst_hearken_levels_get_type ())
GType gst_hearken_levels_get_type (void);
#define GST_TYPE_HEARKEN_LATE_POLICY (gst_hearken_late_policy_get_type ())
GType gst_hearken_late_policy_get_type (void);
#define GST_TYPE_HEARKEN_STATE_POLICY (gst_hearken_state_policy_get_type ())
GType gst_hearken_state_policy_get_type (void);

/* What stands for the model's own. */
#define GST_HEARKEN_OWN_LANGUAGE_WEIGHT (-1)
#define GST_HEARKEN_OWN_WORD_BONUS (-1000)
#define GST_HEARKEN_NO_UNKNOWN_WORDS (-1)

typedef struct {
  char *model; /* nullable: the default model */

  /* The vocabulary, which is loaded. Strings are nullable: the model's own, if it has any. */
  char *dictionary;
  char *language_model;
  char *grammar;
  char *keywords;
  char *hotwords;
  double language_weight;
  double word_bonus;
  double unknown_penalty;

  /* The search. */
  guint beam_width;
  guint max_delay_ms;
  double keyword_threshold;
  guint keyword_debounce_ms;
  double rejection_threshold;

  /* What is told. */
  GstHearkenLevels levels;
  gboolean post_messages;
  guint n_best;
  guint partial_interval_ms;
  gboolean clean_up;

  /* Where utterances end. */
  guint endpoint_silence_ms;
  guint initial_silence_ms;
  guint max_utterance_ms;
  HearkenStatePolicy state_policy;

  /* The stream. */
  guint max_gap_fill_ms;
  GstHearkenLatePolicy late_policy;
  guint max_lateness_ms;
  guint chunk_duration_ms;
} GstHearkenSettings;

/* Installs the properties on the class; their identifiers are 1 … the number returned. */
guint gst_hearken_settings_install (GObjectClass *klass);
/* Only those that decide what is recognised: the model, to be set before READY, the vocabulary and the
 * search. */
guint gst_hearken_settings_install_recognition (GObjectClass *klass);

/* @settings: zeroed memory, gets the defaults of the properties. */
void gst_hearken_settings_init (GstHearkenSettings *settings);
/* @settings: zeroed memory, or settings whose place is taken */
void gst_hearken_settings_copy (GstHearkenSettings *settings, const GstHearkenSettings *from);
void gst_hearken_settings_clear (GstHearkenSettings *settings);

/* Each returns %FALSE if there is no property @id. */
gboolean gst_hearken_settings_set (GstHearkenSettings *settings, guint id, const GValue *value);
gboolean gst_hearken_settings_get (const GstHearkenSettings *settings, guint id, GValue *value);
/* Whether the property belongs to the vocabulary, which has to be loaded when it changes. */
gboolean gst_hearken_settings_is_vocabulary (guint id);
gboolean gst_hearken_settings_is_model (guint id);
