#pragma once

#include <clairgate/image/digest.hpp>

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace clairgate::image {

/// A repository on one registry: `registry` is host[:port] as the client connects to it
/// (Docker Hub: "docker.io"), `path` the name of OCI distribution-spec ("library/debian").
struct Repository {
    std::string registry;
    std::string path;
    std::string text() const { return registry + "/" + path; }
    friend bool operator==(Repository const&, Repository const&) = default;
    friend auto operator<=>(Repository const&, Repository const&) = default;
};

/// registry/repository[:tag][@digest], with Docker Hub's defaults (docker.io, library/) applied.
/// A tag beside a digest is kept for display; only the digest counts.
class Reference {
  public:
    /// Kind usage: says what is wrong and how it is spelled right (also: an upper-case repository,
    /// a digest of another length or case, a URL with scheme, a bare image ID).
    static Result<Reference> parse(std::string_view text);
    /// The same repository, pinned to `digest`, without a tag.
    Reference at(Digest digest) const;
    static Reference make(Repository repository, Digest digest);

    Repository const& repository() const { return repository_; }
    std::optional<std::string> const& tag() const { return tag_; }
    std::optional<Digest> const& digest() const { return digest_; }
    /// Canonical spelling; `repository@digest` when there is a digest.
    std::string text() const;

  private:
    explicit Reference(Repository repository) : repository_(std::move(repository)) {}
    Repository repository_;
    std::optional<std::string> tag_;
    std::optional<Digest> digest_;
};

} // namespace clairgate::image
