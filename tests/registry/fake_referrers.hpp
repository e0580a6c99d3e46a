#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <registry/fake_uploads.hpp>
#include <string>
#include <utility>
#include <vector>

namespace clairgate::test {

/// What a registry does with manifests that refer to others: its own listing or none, deleting,
/// conditional writes of tags. Takes the `before` of the uploads; its own faults come in here.
class FakeReferrers {
  public:
    enum class Api {
        native,
        none,  ///< 404, as most registries without it say
        page,  ///< 200 with something for browsers
        blind, ///< an index that never lists anything
    };
    FakeReferrers(FakeRegistry& registry, FakeUploads& uploads);
    FakeReferrers(FakeReferrers const&) = delete;
    FakeReferrers& operator=(FakeReferrers const&) = delete;

    /// A referrer that is there already.
    image::Digest put(std::string const& manifest);
    /// Writes a tag behind the back of whoever is at work.
    void overwrite(std::string const& tag, std::string const& manifest, std::string const& type);
    /// What the tag holds, or "".
    std::string tagged(std::string const& tag) const;

    Api api = Api::native;
    bool echoes_subject = true; ///< OCI-Subject, with or without the API
    std::size_t page_size = 0;  ///< 0: all on one page
    int delete_status = 202;
    bool has_etags = false; ///< gives ETags and honours conditions
    int tag_status = 0;     ///< how each write of a tag is refused; 0: it is not
    std::function<std::optional<Answer>(Received const&)> before;
    /// Called once a tag was written, before the answer.
    std::function<void(std::string const& tag)> after_tag;
    /// Called when a tag is about to be written, before conditions are looked at.
    std::function<void(std::string const& tag)> before_tag;

  private:
    std::optional<Answer> answer(Received const& received);
    Answer list(std::string const& subject, std::size_t start) const;
    std::optional<Answer> take(Received const& received);
    Answer remove(std::string const& name);
    bool has_condition_failed(Received const& received) const;

    FakeRegistry& registry_;
    std::vector<std::string> referrers_; // their manifests, in the order of coming
};

} // namespace clairgate::test
