#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>

#include <algorithm>
#include <registry/fake_registry.hpp>

namespace clairgate::test {

namespace {

std::string header_of(Received const& received, std::string const& name) {
    auto const found = received.headers.find(name);
    return found == received.headers.end() ? std::string() : found->second;
}

} // namespace

FakeRegistry::FakeRegistry(boost::asio::io_context& context, Login login)
    : login_(login), server_(context, [this](Received const& received) {
          if (before)
              if (auto first = before(received))
                  return *first;
          return answer(received);
      }) {}

Answer FakeRegistry::answer(Received const& received) {
    if (received.target.starts_with("/token"))
        return answer_token(received);
    if (!is_let_in(received)) {
        auto refused = Answer::json(401, R"({"errors":[{"code":"UNAUTHORIZED"}]})");
        refused.headers.emplace_back(
            "WWW-Authenticate",
            login_ == Login::basic ? std::string(R"(Basic realm="registry")")
                                   : cat(R"(Bearer realm=")",
                                         realm.empty() ? url() + "/token" : realm,
                                         R"(",service="fake",scope="repository:team/app:pull")"));
        return refused;
    }
    if (received.target == "/v2/" || received.target.starts_with("/v2/team/app/tags/list"))
        return Answer::json(200, "{}");
    auto const found = content_.find(received.target);
    if (found == content_.end())
        return Answer::json(404, R"({"errors":[{"code":"MANIFEST_UNKNOWN"}]})");
    return found->second;
}

Answer FakeRegistry::answer_token(Received const& received) {
    auto const wanted = cat("Basic ", to_base64(cat("user:", password)));
    bool const is_known = password.empty() || header_of(received, "authorization") == wanted ||
                          received.body.find("refresh_token=" + password) != std::string::npos;
    if (!is_known)
        return Answer::json(401, R"({"details":"incorrect username or password"})");
    return Answer::json(200, cat(R"({"token":"token-)", ++tokens_given_, "\"", token_members, "}"));
}

bool FakeRegistry::is_let_in(Received const& received) const {
    auto const authorization = header_of(received, "authorization");
    if (login_ == Login::none)
        return true;
    if (login_ == Login::basic)
        return authorization == cat("Basic ", to_base64(cat("user:", password)));
    for (int number = tokens_revoked_ + 1; number <= tokens_given_; ++number)
        if (authorization == cat("Bearer token-", number))
            return true;
    return false;
}

FakeRegistry::Put FakeRegistry::put_manifest(std::string bytes, std::string type) {
    Put const put{image::Digest::of(bytes), bytes.size()};
    auto stored = Answer::text(200, std::move(bytes));
    stored.headers = {{"Content-Type", std::move(type)}};
    if (states_digest)
        stored.headers.emplace_back("Docker-Content-Digest", put.digest.text());
    content_.insert_or_assign("/v2/team/app/manifests/" + put.digest.text(), std::move(stored));
    return put;
}

FakeRegistry::Put FakeRegistry::put_blob(std::string bytes) {
    Put const put{image::Digest::of(bytes), bytes.size()};
    content_.insert_or_assign("/v2/team/app/blobs/" + put.digest.text(),
                              Answer::text(200, std::move(bytes)));
    return put;
}

FakeRegistry::Put FakeRegistry::put_image(std::string const& os, std::string const& architecture) {
    auto const config =
        put_blob(cat(R"({"os":")", os, R"(","architecture":")", architecture, "\"}"));
    Put const layer{image::Digest::of(cat("layer of ", os, architecture)), 9};
    return put_manifest(cat(R"({"schemaVersion":2,"config":)",
                            descriptor_json(config, "application/vnd.oci.image.config.v1+json"),
                            R"(,"layers":[)",
                            descriptor_json(layer, "application/vnd.oci.image.layer.v1.tar+gzip"),
                            "]}"),
                        std::string(image::media_type::oci_manifest));
}

void FakeRegistry::tag(std::string const& name, image::Digest const& digest) {
    content_.insert_or_assign("/v2/team/app/manifests/" + name,
                              content_.at("/v2/team/app/manifests/" + digest.text()));
}

std::optional<Answer> FakeRegistry::content(std::string const& target) const {
    auto const found = content_.find(target);
    return found == content_.end() ? std::nullopt : std::optional(found->second);
}

image::Reference FakeRegistry::at(image::Digest const& digest) const {
    return image::Reference::make(repository(), digest);
}

image::Reference FakeRegistry::tagged(std::string const& tag) const {
    return image::Reference::parse(cat(host(), "/team/app:", tag)).value();
}

std::size_t FakeRegistry::count(std::string_view method, std::string_view target_prefix) const {
    auto const& all = received();
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](auto const& one) {
        return one.method == method && one.target.starts_with(target_prefix);
    }));
}

std::string auth_config(std::string const& key, std::string const& user_and_password) {
    return cat(R"({"auths":{")", key, R"(":{"auth":")", to_base64(user_and_password), R"("}}})");
}

std::string
descriptor_json(FakeRegistry::Put const& put, std::string_view type, std::string_view more) {
    return cat(R"({"mediaType":")",
               type,
               R"(","digest":")",
               put.digest.text(),
               R"(","size":)",
               put.size_bytes,
               more,
               "}");
}

} // namespace clairgate::test
