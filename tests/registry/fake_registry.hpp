#pragma once

#include <clairgate/image/reference.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <support/loopback_server.hpp>
#include <vector>

namespace clairgate::test {

/// A faithful little registry over a real socket: manifests and blobs of one repository "team/app",
/// Basic or Bearer login with its own token service at /token. Faults come in through `before`.
class FakeRegistry {
  public:
    enum class Login { none, basic, bearer };

    explicit FakeRegistry(boost::asio::io_context& context, Login login = Login::none);

    /// What was put, with the size for descriptors.
    struct Put {
        image::Digest digest;
        std::size_t size_bytes;
    };
    Put put_manifest(std::string bytes, std::string type);
    Put put_blob(std::string bytes);
    /// Config and manifest of an image for that platform, with one layer nobody fetches.
    Put put_image(std::string const& os, std::string const& architecture);
    void tag(std::string const& name, image::Digest const& digest);
    /// What is served at this target ("/v2/team/app/manifests/…"), or nothing; and without it.
    std::optional<Answer> content(std::string const& target) const;
    void forget(std::string const& target) { content_.erase(target); }

    std::string host() const { return server_.host(); }
    std::string url() const { return server_.url(); }
    image::Repository repository() const { return {host(), "team/app"}; }
    image::Reference at(image::Digest const& digest) const;
    image::Reference tagged(std::string const& tag) const;
    std::vector<Received> const& received() const { return server_.received(); }
    /// How many requests had this method and a target that starts so.
    std::size_t count(std::string_view method, std::string_view target_prefix) const;
    /// No token given so far is good any more.
    void revoke_tokens() { tokens_revoked_ = tokens_given_; }

    /// Looked at first; an answer of it is the answer.
    std::function<std::optional<Answer>(Received const&)> before;
    std::string password = "s3cr3t"; ///< of "user"; empty: tokens for everybody
    std::string realm;               ///< empty: our own /token
    std::string token_members;       ///< more members of the token answer
    bool states_digest = true;

  private:
    Answer answer(Received const& received);
    Answer answer_token(Received const& received);
    bool is_let_in(Received const& received) const;

    Login login_;
    std::map<std::string, Answer> content_; // target → answer
    int tokens_given_ = 0;
    int tokens_revoked_ = 0;
    LoopbackServer server_;
};

/// The `auths` member of a docker configuration with one entry.
std::string auth_config(std::string const& key, std::string const& user_and_password);

/// A descriptor as it stands in an index or manifest; `more` are further members.
std::string
descriptor_json(FakeRegistry::Put const& put, std::string_view type, std::string_view more = "");

} // namespace clairgate::test
