#include <clairgate/base/text.hpp>
#include <clairgate/image/manifest.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <registry/fake_referrers.hpp>

namespace clairgate::test {

namespace {

using nlohmann::json;

constexpr std::string_view referrers = "/v2/team/app/referrers/";
constexpr std::string_view manifests = "/v2/team/app/manifests/";

std::string subject_of(std::string const& manifest) {
    auto const parsed = json::parse(manifest, nullptr, false);
    if (!parsed.is_object() || !parsed.contains("subject"))
        return "";
    return parsed["subject"].value("digest", "");
}

json entry_for(std::string const& manifest) {
    auto const parsed = json::parse(manifest, nullptr, false);
    json entry = {{"mediaType", image::media_type::oci_manifest},
                  {"digest", image::Digest::of(manifest).text()},
                  {"size", manifest.size()},
                  {"artifactType", parsed.value("artifactType", "")}};
    if (parsed.contains("annotations"))
        entry["annotations"] = parsed["annotations"];
    return entry;
}

} // namespace

FakeReferrers::FakeReferrers(FakeRegistry& registry, FakeUploads& uploads) : registry_(registry) {
    uploads.before = [this](Received const& received) { return answer(received); };
}

image::Digest FakeReferrers::put(std::string const& manifest) {
    auto const put = registry_.put_manifest(manifest, std::string(image::media_type::oci_manifest));
    if (!subject_of(manifest).empty() &&
        std::find(referrers_.begin(), referrers_.end(), manifest) == referrers_.end())
        referrers_.push_back(manifest);
    return put.digest;
}

void FakeReferrers::overwrite(std::string const& tag,
                              std::string const& manifest,
                              std::string const& type) {
    registry_.tag(tag, registry_.put_manifest(manifest, type).digest);
}

std::string FakeReferrers::tagged(std::string const& tag) const {
    auto const content = registry_.content(cat(manifests, tag));
    return content ? content->body : "";
}

std::optional<Answer> FakeReferrers::answer(Received const& received) {
    if (before)
        if (auto first = before(received))
            return first;
    auto const& target = received.target;
    if (received.method == "GET" && target.starts_with(referrers)) {
        auto const question = std::min(target.find("?start="), target.size());
        auto const start = parse_unsigned(target.substr(std::min(question + 7, target.size())));
        return list(target.substr(referrers.size(), question - referrers.size()),
                    start.value_or(0));
    }
    if (received.method == "DELETE" && target.starts_with(manifests))
        return remove(target.substr(manifests.size()));
    if (received.method == "PUT" && target.starts_with(manifests))
        return take(received);
    if (received.method == "GET" && target.starts_with(manifests) && has_etags) {
        auto content = registry_.content(target);
        if (content)
            content->headers.emplace_back("ETag",
                                          cat("\"", image::Digest::of(content->body).text(), "\""));
        return content;
    }
    return std::nullopt;
}

Answer FakeReferrers::list(std::string const& subject, std::size_t start) const {
    if (api == Api::none)
        return Answer::json(404, R"({"errors":[{"code":"NOT_FOUND"}]})");
    auto entries = json::array();
    for (auto const& manifest : referrers_)
        if (subject_of(manifest) == subject && api == Api::native)
            entries.push_back(entry_for(manifest));
    auto page = json::array();
    auto const end = page_size == 0 ? entries.size() : start + page_size;
    for (auto i = start; i < std::min(end, entries.size()); ++i)
        page.push_back(entries[i]);
    json const index = {{"schemaVersion", 2},
                        {"mediaType", image::media_type::oci_index},
                        {"manifests", std::move(page)}};
    auto listed = Answer::text(200, index.dump());
    listed.headers = {{"Content-Type",
                       std::string(api == Api::page ? "text/html" : image::media_type::oci_index)}};
    if (end < entries.size())
        listed.headers.emplace_back(
            "Link", cat("<", referrers, subject, "?start=", end, ">; rel=\"next\""));
    return listed;
}

bool FakeReferrers::has_condition_failed(Received const& received) const {
    auto const held = registry_.content(received.target);
    auto const wanted = received.headers.find("if-match");
    if (wanted != received.headers.end())
        return !held || wanted->second != cat("\"", image::Digest::of(held->body).text(), "\"");
    return received.headers.contains("if-none-match") && held;
}

// Nothing where the uploads take it as it is.
std::optional<Answer> FakeReferrers::take(Received const& received) {
    auto const name = received.target.substr(manifests.size());
    auto const digest = image::Digest::of(received.body);
    bool const is_tag = name != digest.text();
    if (is_tag && before_tag)
        before_tag(name);
    if (is_tag && tag_status != 0)
        return Answer::json(tag_status, R"({"errors":[{"message":"the tag is immutable"}]})");
    if (is_tag && has_etags && has_condition_failed(received))
        return Answer::text(412, "");
    if (is_tag) {
        overwrite(name, received.body, received.headers.at("content-type"));
        if (after_tag)
            after_tag(name);
    } else {
        put(received.body);
    }
    auto stored = Answer::text(201, "");
    stored.headers.emplace_back("Docker-Content-Digest", digest.text());
    if (auto const subject = subject_of(received.body); !subject.empty() && echoes_subject)
        stored.headers.emplace_back("OCI-Subject", subject);
    return stored;
}

Answer FakeReferrers::remove(std::string const& name) {
    if (delete_status != 202)
        return Answer::json(delete_status, R"({"errors":[{"code":"UNSUPPORTED"}]})");
    if (!registry_.content(cat(manifests, name)))
        return Answer::json(404, R"({"errors":[{"code":"MANIFEST_UNKNOWN"}]})");
    registry_.forget(cat(manifests, name));
    std::erase_if(referrers_, [&](std::string const& manifest) {
        return image::Digest::of(manifest).text() == name;
    });
    return Answer::text(202, "");
}

} // namespace clairgate::test
