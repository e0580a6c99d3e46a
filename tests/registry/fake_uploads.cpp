#include <clairgate/base/text.hpp>

#include <registry/fake_uploads.hpp>

namespace clairgate::test {

namespace {

constexpr std::string_view uploads = "/v2/team/app/blobs/uploads/";
constexpr std::string_view manifests = "/v2/team/app/manifests/";

} // namespace

FakeUploads::FakeUploads(FakeRegistry& registry, Asks asks) : registry_(registry), asks_(asks) {
    registry_.before = [this](Received const& received) { return answer(received); };
}

std::optional<Answer> FakeUploads::answer(Received const& received) {
    if (before)
        if (auto first = before(received))
            return first;
    if (asks_ == Asks::login && !received.headers.contains("authorization"))
        return std::nullopt; // the registry itself asks
    if (received.method == "POST" && received.target == uploads) {
        auto place = Answer::text(202, "");
        place.headers.emplace_back("Location",
                                   location.empty() ? cat(uploads, "1?state=s") : location);
        return place;
    }
    if (received.method == "PUT" && received.target.starts_with(uploads))
        return take_blob(received);
    if (received.method == "PUT" && received.target.starts_with(manifests))
        return take_manifest(received);
    return std::nullopt;
}

Answer FakeUploads::take_blob(Received const& received) {
    auto const digest = image::Digest::of(received.body);
    if (received.target != cat(uploads, "1?state=s&digest=sha256%3A", digest.hex()))
        return Answer::json(400, R"({"errors":[{"code":"DIGEST_INVALID"}]})");
    registry_.put_blob(received.body);
    return stored(201, digest.text());
}

Answer FakeUploads::take_manifest(Received const& received) {
    auto const put = registry_.put_manifest(received.body, received.headers.at("content-type"));
    auto const name = received.target.substr(manifests.size());
    if (name != put.digest.text())
        registry_.tag(name, put.digest);
    return stored(manifest_status, put.digest.text());
}

Answer FakeUploads::stored(int status, std::string const& digest) const {
    auto answer = Answer::text(status, "");
    answer.headers.emplace_back("Docker-Content-Digest",
                                stated_digest.empty() ? digest : stated_digest);
    return answer;
}

} // namespace clairgate::test
