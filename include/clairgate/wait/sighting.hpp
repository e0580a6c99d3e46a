#pragma once

#include <clairgate/image/reference.hpp>
#include <clairgate/io/world.hpp>
#include <clairgate/registry/client.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::wait {

/// The digest, how it was learnt and when; `reference` is always repository@digest.
struct Sighting {
    image::Reference reference;
    std::string how; ///< "digest-file /run/digest", "image", "registry tag 1.2"
    SystemTime when;
};

struct Options {
    std::vector<std::string> images;       ///< --image, as given
    std::vector<std::string> digest_files; ///< --digest-file
    bool accepts_existing = false;         ///< --accept-existing
    Duration timeout = std::chrono::minutes(30);
    Duration poll_interval = std::chrono::milliseconds(500);
    SystemTime started; ///< of this run: older files do not count
    /// Whether the registry is asked for REF@DIGEST too; off where the caller fetches it at once.
    bool asks_for_pinned = true;
};

/// What a source may use. Outlives the sources.
struct Surroundings {
    io::World& world;
    registry::Client& registry;
    Options const& options;
    std::function<void(std::string_view what)> progress; ///< what is being waited for now
};

/// One way to learn the digest. `next` completes with the next sighting that this source believes,
/// and may be called again for later ones; it honours cancellation and never gives a digest that
/// the registry does not serve.
class Source {
  public:
    virtual ~Source() = default;
    virtual io::Task<Result<Sighting>> next(Deadline deadline) = 0;
    /// What it says at this moment, without waiting and without asking whether the registry serves
    /// it; nothing when it has nothing to say.
    virtual io::Task<Result<std::optional<Sighting>>> now(Deadline deadline) = 0;
    /// What it is waiting for and what it refused, for the message of a timeout.
    virtual std::string state() const = 0;
};

/// One line of the table of sources: makes the sources that the options ask for.
struct SourceKind {
    std::string_view name;
    std::string_view help;
    Result<std::vector<std::unique_ptr<Source>>> (*make)(Surroundings&);
};
std::span<SourceKind const> source_kinds();

/// Whether the options ask for something that can be waited for: so that a wrong flag is told
/// before anything is started. Says all mistakes at once; kind usage.
Result<void> check(Options const& options);

/// Waits on all sources at once; the first valid sighting wins, unless another source names another
/// digest at that moment. Kinds: usage (no source, bad reference, a bare digest without a
/// repository), no_digest (the timeout; says what was seen and refused meanwhile), not_found (a
/// pinned image), denied, protocol (an image ID, proven), integrity.
io::Task<Result<Sighting>> first_sighting(Surroundings& surroundings);

/// Asks all sources once more, without waiting: kind integrity when one now names another digest
/// for the same repository (design section 6).
io::Task<Result<void>> confirm(Surroundings& surroundings, Sighting const& sighting);

} // namespace clairgate::wait
