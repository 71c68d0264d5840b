/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

#include "gsthearkenstate.h"

#include "recognizer.h"

#define MAGIC "hearken-stream-1"

/* MAGIC, the SHA-256 of the content, the content. */
#define TYPE "(ss@ay)"

GBytes *
gst_hearken_state_pack (GVariant *content)
{
  g_autoptr (GVariant) owned = g_variant_ref_sink (content);
  g_autoptr (GBytes) bytes = g_variant_get_data_as_bytes (owned);
  g_autofree char *checksum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autoptr (GVariant) packed = g_variant_ref_sink (g_variant_new (
      TYPE, MAGIC, checksum, g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes, TRUE)));

  return g_variant_get_data_as_bytes (packed);
}

GVariant *
gst_hearken_state_unpack (GBytes *bytes, const char *type, GError **error)
{
  g_autoptr (GVariant) packed =
      g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE ("(ssay)"), bytes, FALSE));
  g_autoptr (GVariant) content = NULL;
  g_autoptr (GBytes) content_bytes = NULL;
  g_autofree char *checksum = NULL;
  const char *magic, *expected;

  g_variant_get (packed, "(&s&s@ay)", &magic, &expected, &content);
  content_bytes = g_variant_get_data_as_bytes (content);
  checksum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content_bytes);
  if (!g_str_equal (magic, MAGIC) || !g_str_equal (checksum, expected)) {
    g_set_error (error, HEARKEN_STATE_ERROR, HEARKEN_STATE_ERROR_FORMAT,
        "not a saved state of this version of Hearken, or one that is damaged or cut short");
    return NULL;
  }
  return g_variant_ref_sink (
      g_variant_new_from_bytes (G_VARIANT_TYPE (type), content_bytes, FALSE));
}
