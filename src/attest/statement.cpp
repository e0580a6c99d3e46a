#include <clairgate/attest/json_text.hpp>
#include <clairgate/attest/json_view.hpp>
#include <clairgate/attest/statement.hpp>
#include <clairgate/base/text.hpp>

#include <algorithm>
#include <array>

namespace clairgate::attest {

namespace {

constexpr std::size_t subjects_max = 1024; // sigstore-go's bound

void append_subject(std::string& out, Subject const& subject) {
    out += '{';
    append_json_member(out, "name", subject.name);
    out += R"(,"digest":{")";
    out += subject.digest.algorithm();
    out += "\":\"";
    out += subject.digest.hex();
    out += "\"}}";
}

// Verifiers that parse strictly refuse the whole statement for a wrong type in members that we
// have no use for.
Result<void> check_unused(JsonMembers const& subject) {
    for (std::string_view const key : {"uri", "content", "downloadLocation", "mediaType"})
        if (auto const* const value = subject.find(key);
            value != nullptr && value->type() != JsonType::string)
            return Error(ErrorKind::protocol, cat("a subject: \"", key, "\" is not a string"));
    auto const* const annotations = subject.find("annotations");
    if (annotations != nullptr && annotations->type() != JsonType::object)
        return Error(ErrorKind::protocol, "a subject: \"annotations\" is not an object");
    return ok();
}

Result<Subject> read_subject(JsonView const& value) {
    constexpr std::array<std::string_view, 7> known{
        "name", "digest", "uri", "content", "downloadLocation", "mediaType", "annotations"};
    constexpr std::array<std::string_view, 1> digest_known{"sha256"};
    auto const members = TRY(read_members(value, "a subject", known));
    TRY_VOID(check_unused(members));
    auto const digests =
        TRY(read_members(TRY(members.get("digest")), "a subject's digest", digest_known, true));
    auto digest = image::Digest::parse(cat("sha256:", TRY(digests.string("sha256"))));
    if (!digest.has_value())
        return Error(ErrorKind::protocol, cat("a subject: ", digest.error().message()));
    return Subject{TRY(members.optional_string("name")), std::move(*digest)};
}

Result<Statement> read_statement(std::string_view payload) {
    constexpr std::array<std::string_view, 4> known{
        "_type", "subject", "predicateType", "predicate"};
    auto const members = TRY(read_members(TRY(JsonView::parse(payload)), "the document", known));
    auto const type = TRY(members.string("_type"));
    if (type != statement_type && type != statement_type_v0_1)
        return Error(ErrorKind::protocol,
                     cat("its type is \"", printable(type, 100), "\", not ", statement_type));
    Statement out;
    out.predicate_type = TRY(members.string("predicateType"));
    if (out.predicate_type.empty())
        return Error(ErrorKind::protocol, "\"predicateType\" is empty");
    auto const predicate = TRY(members.get("predicate"));
    if (predicate.type() != JsonType::object)
        return Error(ErrorKind::protocol, "\"predicate\" is not an object");
    for (auto const& subject :
         TRY(read_items(TRY(members.get("subject")), "\"subject\"", subjects_max)))
        out.subjects.push_back(TRY(read_subject(subject)));
    if (out.subjects.empty())
        return Error(ErrorKind::protocol, "it has no subject");
    out.predicate = predicate.text();
    return out;
}

} // namespace

std::string statement_json(Statement const& statement) {
    CLAIRGATE_ASSERT(!statement.subjects.empty());
    std::string out;
    out.reserve(statement.predicate.size() + 512 * statement.subjects.size() + 512);
    out += '{';
    append_json_member(out, "_type", statement_type);
    out += ",\"subject\":[";
    for (auto const& subject : statement.subjects) {
        out += &subject == statement.subjects.data() ? "" : ",";
        append_subject(out, subject);
    }
    out += "],";
    append_json_member(out, "predicateType", statement.predicate_type);
    out += ",\"predicate\":";
    out += statement.predicate;
    out += '}';
    return out;
}

Result<Statement> parse_statement(std::string_view payload) {
    return read_statement(payload).with_context("statement");
}

bool is_about(Statement const& statement, image::Digest const& digest) {
    return std::any_of(statement.subjects.begin(),
                       statement.subjects.end(),
                       [&](Subject const& subject) { return subject.digest == digest; });
}

} // namespace clairgate::attest
