/* Time: monotonic nanoseconds for what is measured, UTC text for what is stored. */
#ifndef FLOOR_CLOCK_H
#define FLOOR_CLOCK_H

#include <stdint.h>
#include <string.h>
#include <time.h>

enum { TIMESTAMP_LENGTH = 23 };

/* One moment as text, `2026-11-21 12:00:00.123`, at a fixed place that a statement can be bound to.
 * It remembers what it shows: most writes change a few digits, and days hardly ever turn. */
struct timestamp {
  int64_t shown_ms;
  int64_t shown_day;
  char text[TIMESTAMP_LENGTH];
};

static inline uint64_t monotonic_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Milliseconds since 1970-01-01 00:00:00 UTC. */
static inline int64_t wall_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static inline void put_digits(char *text, int width, int64_t value) {
  while (width > 0) {
    text[--width] = (char)('0' + value % 10);
    value /= 10;
  }
}

static inline void timestamp_init(struct timestamp *timestamp) {
  memcpy(timestamp->text, "0000-00-00 00:00:00.000", TIMESTAMP_LENGTH);
  timestamp->shown_ms = -1;
  timestamp->shown_day = -1;
}

/* Shows the moment `ms`, which lies after 1970 and before the year 10000. */
static inline void timestamp_show(struct timestamp *timestamp, int64_t ms) {
  if (ms == timestamp->shown_ms) return;
  timestamp->shown_ms = ms;
  int64_t day = ms / 86400000;
  int64_t rest = ms % 86400000;
  if (day != timestamp->shown_day) {
    timestamp->shown_day = day;
    time_t midnight = (time_t)(day * 86400);
    struct tm civil;
    gmtime_r(&midnight, &civil);
    put_digits(timestamp->text, 4, civil.tm_year + 1900);
    put_digits(timestamp->text + 5, 2, civil.tm_mon + 1);
    put_digits(timestamp->text + 8, 2, civil.tm_mday);
  }
  put_digits(timestamp->text + 11, 2, rest / 3600000);
  put_digits(timestamp->text + 14, 2, rest / 60000 % 60);
  put_digits(timestamp->text + 17, 2, rest / 1000 % 60);
  put_digits(timestamp->text + 20, 3, rest % 1000);
}

#endif
