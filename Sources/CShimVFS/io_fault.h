// Errors that the shim makes up; see CShimVFS.h.
#pragma once

#include "CShimVFS.h"

enum io_fault_call { io_fault_write, io_fault_extend, io_fault_sync };

// Whether there are to be any. To be asked first.
int io_fault_is_on(void);

// The SQLite result code that the call has to end with, SQLITE_OK for none.
int io_fault_of(enum io_fault_call call);
