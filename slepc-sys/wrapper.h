/* What bindgen reads. */
#include <slepc.h>
#include "shim/slepc_shim.h"
