#include <clairgate/base/text.hpp>
#include <clairgate/image/reference.hpp>
#include <clairgate/policy/imports.hpp>
#include <clairgate/policy/vex_formats.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

// OpenVEX: statements with status not_affected or fixed lift findings, unless one that does not is
// as new. A product is an image (purl type oci), with the packages it is about as subcomponents, or
// a package.
namespace clairgate::policy::imports {

namespace {

constexpr std::size_t globs_max = 1000; // what a scope may hold

Error cannot(std::string why) {
    return {ErrorKind::policy, std::move(why)};
}

// What scanners may know it by.
std::set<std::string> ids_of(VexStatement const& statement) {
    std::set<std::string> ids;
    std::copy_if(statement.ids.begin(),
                 statement.ids.end(),
                 std::inserter(ids, ids.end()),
                 is_vulnerability_id);
    return ids;
}

Result<Purl> purl_of(std::string_view name) {
    auto purl = Purl::parse(name);
    if (!purl)
        return cannot("it is given by something else than a package URL");
    return *std::move(purl);
}

// The repository of an image's purl (purl-spec, type oci: the version is the digest).
Result<std::vector<std::string>> image_globs(Purl const& purl) {
    constexpr std::string_view https = "https://"; // purl-spec calls it a URL, and examples vary
    if (!purl.version().empty())
        return cannot("it is about one digest, and an exception here holds for a repository");
    for (auto const& [key, value] : purl.qualifiers())
        if (key != "repository_url")
            return cannot(cat("its image has the qualifier ",
                              key,
                              ", and an exception here holds for a repository"));
    auto url = purl.qualifier("repository_url");
    if (url.starts_with(https))
        url.remove_prefix(https.size());
    auto const reference = image::Reference::parse(url);
    bool const is_repository = reference.has_value() && !reference->tag() && !reference->digest() &&
                               purl.name_space().empty() && purl.subpath().empty() &&
                               reference->repository().text().ends_with("/" + purl.name());
    if (!is_repository)
        return cannot("its image has no repository_url that ends with its name");
    return std::vector{reference->repository().text()};
}

// The scope of one product.
Result<void>
read_product(std::string_view product, std::vector<std::string> const& parts, DraftWaiver& waiver) {
    auto const purl = TRY(purl_of(product));
    bool const is_image = purl.type() == "oci";
    if (is_image)
        waiver.images = TRY(image_globs(purl));
    else if (!parts.empty())
        return cannot("it is about a part of a package, and an exception here is for images and "
                      "packages");
    else
        waiver.purls = TRY(globs_of(purl));
    for (auto const& part : parts) {
        auto const globs = TRY(globs_of(TRY(purl_of(part))));
        waiver.purls.insert(waiver.purls.end(), globs.begin(), globs.end());
        if (waiver.purls.size() > globs_max)
            return cannot("it has too many subcomponents");
    }
    return ok();
}

std::string reason_of(VexStatement const& statement) {
    auto reason = std::string(to_string(statement.status));
    for (auto const& text : {statement.justification, statement.statement})
        if (!trim(text).empty())
            reason += cat(": ", trim(text));
    return reason;
}

class Reader {
  public:
    explicit Reader(VexDocument const& document) : document_(document) {
        for (auto const& statement : document.statements)
            if (!statement.suppresses())
                for (auto const& id : statement.ids)
                    note(to_lower(id), statement.time.value_or(SystemTime::max()));
    }

    Draft read() {
        for (auto const& statement : document_.statements)
            read_statement(statement);
        return std::move(draft_);
    }

  private:
    void note(std::string id, SystemTime time) {
        auto const [known, is_first] = newest_.emplace(std::move(id), time);
        if (!is_first)
            known->second = std::max(known->second, time);
    }

    // By a statement about any product: whether two names mean one thing is not decided here.
    bool is_taken_back(VexStatement const& statement) const {
        auto const time = statement.time.value_or(SystemTime::min());
        return std::any_of(statement.ids.begin(), statement.ids.end(), [&](std::string const& id) {
            auto const other = newest_.find(to_lower(id));
            return other != newest_.end() && other->second >= time;
        });
    }

    void read_statement(VexStatement const& statement) {
        auto const& name = statement.ids.front();
        auto const ids = ids_of(statement);
        if (!statement.suppresses())
            return draft_.leave(name, cat("its status is ", to_string(statement.status)));
        if (ids.empty())
            return draft_.leave(name, not_an_id);
        if (is_taken_back(statement))
            return draft_.leave(name, "another statement about it that is not older lifts nothing");
        DraftWaiver waiver;
        waiver.ids.assign(ids.begin(), ids.end());
        waiver.reason = reason_of(statement);
        waiver.owner = trim(document_.author);
        for (auto const& product : statement.products) {
            auto of_product = waiver;
            auto const scope = read_product(product, statement.subcomponents, of_product);
            if (scope.has_value())
                draft_.only_file().waivers.push_back(std::move(of_product));
            else
                draft_.leave(cat(name, " of ", product), scope.error().message());
        }
    }

    VexDocument const& document_;
    std::map<std::string, SystemTime> newest_; ///< of what lifts nothing, by id
    Draft draft_;
};

} // namespace

Result<Draft> read_openvex(nlohmann::json const& document) {
    auto const vex = openvex_document(FactNode(document));
    if (!vex.has_value())
        return Error(ErrorKind::protocol,
                     cat("not an OpenVEX document: ", printable(vex.error().message())));
    return Reader(*vex).read();
}

} // namespace clairgate::policy::imports
