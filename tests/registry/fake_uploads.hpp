#pragma once

#include <functional>
#include <optional>
#include <registry/fake_registry.hpp>
#include <set>
#include <string>

namespace clairgate::test {

/// The write side of a fake registry: blob uploads in one PUT or in chunks, manifests by tag or
/// digest. Takes
/// the registry's `before`; its own faults come in through `before` here.
class FakeUploads {
  public:
    enum class Asks { nothing, login };
    explicit FakeUploads(FakeRegistry& registry, Asks asks = Asks::nothing);
    FakeUploads(FakeUploads const&) = delete;
    FakeUploads& operator=(FakeUploads const&) = delete;

    std::function<std::optional<Answer>(Received const&)> before;
    /// What an upload's place is said to be; empty: "/v2/team/app/blobs/uploads/1?state=s".
    std::string location;
    /// What is said to have been stored; empty: the truth.
    std::string stated_digest;
    int manifest_status = 201;
    /// How a blob in one piece is refused; 0: it is not.
    int whole_status = 0;
    std::size_t chunk_bytes_min = 0; ///< 0: not said
    std::string range;               ///< what is said after a chunk; empty: the truth
    bool has_chunks = true;
    /// Blobs ("repository digest") that may be mounted.
    std::set<std::string> mountable;

  private:
    std::optional<Answer> answer(Received const& received);
    Answer take_blob(Received const& received);
    Answer take_chunk(Received const& received);
    Answer give_place(Received const& received);
    Answer take_manifest(Received const& received);
    Answer stored(int status, std::string const& digest) const;

    FakeRegistry& registry_;
    Asks asks_;
    std::string chunks_; // of the one upload at a time
};

} // namespace clairgate::test
