/*
 * SPDX-FileCopyrightText: The Hearken developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */

/*
 * ThreadSanitizer does not know GLib's locks, which are built on futexes, and takes all that they
 * guard for races. Loaded before GLib, this tells it of each: what came before a lock was given up has
 * happened for whoever takes it next.
 */

#define _GNU_SOURCE /* RTLD_NEXT */
#include <dlfcn.h>
#include <glib.h>

void __tsan_acquire (void *lock);
void __tsan_release (void *lock);

#define EXPORT __attribute__ ((visibility ("default")))
#define REAL(function) ((__typeof__ (&function)) dlsym (RTLD_NEXT, #function))

#define TAKE(function, Lock)                                                                       \
  EXPORT void function (Lock *lock)                                                                \
  {                                                                                                \
    REAL (function) (lock);                                                                        \
    __tsan_acquire (lock);                                                                         \
  }

#define TRY(function, Lock)                                                                        \
  EXPORT gboolean function (Lock *lock)                                                            \
  {                                                                                                \
    const gboolean is_taken = REAL (function) (lock);                                              \
                                                                                                   \
    if (is_taken)                                                                                  \
      __tsan_acquire (lock);                                                                       \
    return is_taken;                                                                               \
  }

#define GIVE_UP(function, Lock)                                                                    \
  EXPORT void function (Lock *lock)                                                                \
  {                                                                                                \
    __tsan_release (lock);                                                                         \
    REAL (function) (lock);                                                                        \
  }

TAKE (g_mutex_lock, GMutex)
TRY (g_mutex_trylock, GMutex)
GIVE_UP (g_mutex_unlock, GMutex)
TAKE (g_rec_mutex_lock, GRecMutex)
TRY (g_rec_mutex_trylock, GRecMutex)
GIVE_UP (g_rec_mutex_unlock, GRecMutex)

EXPORT void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  __tsan_release (mutex);
  REAL (g_cond_wait) (cond, mutex);
  __tsan_acquire (mutex);
}

EXPORT gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  __tsan_release (mutex);
  const gboolean is_signalled = REAL (g_cond_wait_until) (cond, mutex, end_time);
  __tsan_acquire (mutex);
  return is_signalled;
}
