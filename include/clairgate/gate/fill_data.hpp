#pragma once

#include <clairgate/clair/client.hpp>
#include <clairgate/gate/pipeline.hpp>

namespace clairgate::gate {

/// Whether a scan failed because the local engine has no vulnerability data at all, and nobody
/// chose the updaters: then those of the image's own distribution can be run.
bool may_fill_data(Plan const& plan, Error const& error);

/// Runs Clair's updaters for the distributions of the subject in the local engine and returns when
/// their data is there; says how long it took. Kinds of the engine and of Clair; config when no
/// updater feeds them.
io::Task<Result<void>> fill_data(io::World& world,
                                 clair::Options const& clair,
                                 Progressed& progressed,
                                 Announce const& announce,
                                 Deadline deadline);

} // namespace clairgate::gate
