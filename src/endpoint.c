/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "endpoint.h"

void
hearken_endpoint_reset (HearkenEndpoint *endpoint)
{
  *endpoint = (HearkenEndpoint){ 0 };
}

void
hearken_endpoint_next (HearkenEndpoint *endpoint, guint64 step)
{
  *endpoint = (HearkenEndpoint){ .waits_since = step, .speech_until = endpoint->speech_until };
}

bool
hearken_endpoint_hear (HearkenEndpoint *endpoint, guint64 start, guint64 end)
{
  const bool begins = !endpoint->is_open;

  if (begins)
    endpoint->speech_since = start;
  endpoint->is_open = true;
  endpoint->speech_until = MAX (endpoint->speech_until, end);
  return begins;
}

bool
hearken_endpoint_has_silence (const HearkenEndpoint *endpoint, const HearkenEndpointRules *rules,
    guint64 n_steps, bool is_silent)
{
  return rules->silence_steps > 0 && is_silent &&
         n_steps - endpoint->speech_until >= rules->silence_steps;
}

HearkenEndpointEvent
hearken_endpoint_check (
    HearkenEndpoint *endpoint, const HearkenEndpointRules *rules, guint64 n_steps, bool is_silent)
{
  if (endpoint->is_open) {
    if (hearken_endpoint_has_silence (endpoint, rules, n_steps, is_silent))
      return HEARKEN_ENDPOINT_SILENCE;
    if (n_steps - endpoint->speech_since >= rules->max_steps)
      return HEARKEN_ENDPOINT_MAX_LENGTH;
    return HEARKEN_ENDPOINT_NONE;
  }
  if (rules->initial_steps == 0 || endpoint->has_told_silence || !is_silent ||
      n_steps - endpoint->waits_since < rules->initial_steps)
    return HEARKEN_ENDPOINT_NONE;
  endpoint->has_told_silence = true;
  return HEARKEN_ENDPOINT_NO_SPEECH;
}

void
hearken_endpoint_save (const HearkenEndpoint *endpoint, HearkenStateWriter *writer)
{
  hearken_state_put_u64 (writer, endpoint->waits_since);
  hearken_state_put_u64 (writer, endpoint->speech_since);
  hearken_state_put_u64 (writer, endpoint->speech_until);
  hearken_state_put_u64 (writer, endpoint->is_open);
  hearken_state_put_u64 (writer, endpoint->has_told_silence);
}

bool
hearken_endpoint_restore (HearkenEndpoint *endpoint, HearkenStateReader *reader, guint64 n_steps)
{
  guint64 is_open, has_told_silence;

  if (!hearken_state_get_u64 (reader, n_steps, &endpoint->waits_since) ||
      !hearken_state_get_u64 (reader, n_steps, &endpoint->speech_since) ||
      !hearken_state_get_u64 (reader, n_steps, &endpoint->speech_until) ||
      !hearken_state_get_u64 (reader, 1, &is_open) ||
      !hearken_state_get_u64 (reader, 1, &has_told_silence))
    return false;
  endpoint->is_open = is_open;
  endpoint->has_told_silence = has_told_silence;
  return true;
}
