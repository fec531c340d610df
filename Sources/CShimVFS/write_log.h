// What the shim tells the write log; see CShimVFS.h for what is in it.
#pragma once

#include "CShimVFS.h"

// Whether anything is to be told. To be asked first, so that nothing is paid for a log that is not there.
int write_log_is_on(void);

// To be called when the write has been done, so that whatever stands in the log before a sync began was
// there for the sync to take.
void write_log_write(uint32_t file, const void *bytes, int count, int64_t offset);
void write_log_truncate(uint32_t file, int64_t size);
// To be called before and after the sync.
void write_log_sync(uint32_t file, int has_ended);
void write_log_delete(const char *path, int is_directory_synced);
