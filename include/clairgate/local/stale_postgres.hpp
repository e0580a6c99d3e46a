#pragma once

#include <clairgate/io/task.hpp>
#include <clairgate/local/layout.hpp>

namespace clairgate::local {

/// Clears the way for PostgreSQL after a supervisor that was killed; the engine's lock must be
/// held. A server that still uses our data folder is told to stop at once (SIGQUIT) and waited for.
/// A pid file whose pid is now another process's (pids are small and come back in a container) is
/// made to name nobody: PostgreSQL would take that process for its predecessor and refuse to start.
/// Kinds timeout, file.
io::Task<Result<void>>
clear_stale_postgres(Layout const& layout, Clock const& clock, Deadline deadline);

} // namespace clairgate::local
