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
    if (received.method == "POST" && received.target.starts_with(uploads))
        return give_place(received);
    if (received.method == "PATCH" && received.target.starts_with(uploads) && has_chunks)
        return take_chunk(received);
    if (received.method == "PUT" && received.target.starts_with(uploads))
        return take_blob(received);
    if (received.method == "PUT" && received.target.starts_with(manifests))
        return take_manifest(received);
    return std::nullopt;
}

Answer FakeUploads::give_place(Received const& received) {
    auto const query = received.target.substr(uploads.size());
    for (auto const& one : mountable) {
        auto const blank = one.find(' ');
        auto const digest = one.substr(blank + 1);
        if (query == cat("?mount=sha256%3A", digest.substr(7), "&from=", one.substr(0, blank)))
            return stored(201, digest);
    }
    chunks_.clear();
    auto place = Answer::text(202, "");
    place.headers.emplace_back("Location", location.empty() ? cat(uploads, "1?state=s") : location);
    if (chunk_bytes_min > 0)
        place.headers.emplace_back("OCI-Chunk-Min-Length", cat(chunk_bytes_min));
    return place;
}

// The place moves on with each chunk, as the specification has it.
Answer FakeUploads::take_chunk(Received const& received) {
    auto const end = chunks_.size() + received.body.size();
    if (received.headers.at("content-range") != cat(chunks_.size(), "-", end - 1) ||
        received.target != cat(uploads, "1?state=s", chunks_.empty() ? "" : cat(chunks_.size())))
        return Answer::text(416, "");
    chunks_ += received.body;
    auto taken = Answer::text(202, "");
    taken.headers.emplace_back("Location", cat(uploads, "1?state=s", chunks_.size()));
    taken.headers.emplace_back("Range", range.empty() ? cat("0-", end - 1) : range);
    return taken;
}

Answer FakeUploads::take_blob(Received const& received) {
    if (whole_status != 0 && !received.body.empty())
        return Answer::text(whole_status, "");
    if (received.body.empty() && !chunks_.empty()) {
        auto const blob = image::Digest::of(chunks_);
        auto const place = cat(uploads, "1?state=s", chunks_.size());
        if (received.target != cat(place, "&digest=sha256%3A", blob.hex()))
            return Answer::json(400, R"({"errors":[{"code":"DIGEST_INVALID"}]})");
        registry_.put_blob(chunks_);
        return stored(201, blob.text());
    }
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
