#include <clairgate/attest/json_scan.hpp>
#include <clairgate/attest/statement.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/gate/cosign_identity.hpp>
#include <clairgate/gate/find_report.hpp>
#include <clairgate/io/files.hpp>
#include <clairgate/sign/signer.hpp>

#include <algorithm>

namespace clairgate::gate {

namespace {

constexpr std::size_t pieces_max = 1000;

// pass < warn < undecided < block: what a tie between two reports of one second counts as.
int badness(std::string_view verdict) {
    constexpr std::string_view words[] = {"pass", "warn", "undecided", "block"};
    return static_cast<int>(std::find(std::begin(words), std::end(words), verdict) -
                            std::begin(words));
}

// The refusal that came furthest says most: a wrong key matters less than a right one's other
// image.
Error nothing_counts(std::vector<Refusal> const& refusals) {
    if (refusals.empty())
        return Error(ErrorKind::denied, "there is no signed scan report for this image")
            .with_remedy("scan it with run --sign, or name its file with --bundle");
    auto const furthest =
        std::max_element(refusals.begin(), refusals.end(), [](auto const& a, auto const& b) {
            return a.layer < b.layer;
        });
    auto error = Error(
        ErrorKind::denied,
        cat("no acceptable scan report: the ", word_of(furthest->layer), " of ", furthest->why));
    return refusals.size() == 1
               ? error
               : std::move(error).with_context(cat("of ", refusals.size(), " looked at"));
}

Refusal told(Refusal refusal, std::string_view where) {
    refusal.why = cat(where, " failed: ", refusal.why);
    return refusal;
}

// What an author without a name can be asked for: only the report itself.
bool is_wanted(std::string_view annotated) {
    return annotated.empty() || annotated == attest::predicate_type::vuln;
}

bool may_be_replaced(std::string_view annotated) {
    return is_wanted(annotated) || annotated == attest::predicate_type::summary ||
           annotated == attest::predicate_type::vulns;
}

} // namespace

Result<std::vector<Piece>> pieces_of_file(std::string const& file, bool may_be_unsigned) {
    auto const bytes = io::read_file(file, limits::stored_report_bytes);
    if (!bytes.has_value()) {
        bool const is_limit = bytes.error().kind() == ErrorKind::limit;
        return Error(is_limit ? ErrorKind::limit : ErrorKind::file, bytes.error().text())
            .with_context("--bundle");
    }
    std::vector<Piece> pieces;
    bool const is_report = bytes->find("\"clairgate/report/v1\"") != std::string::npos;
    if (is_report) { // a signed one holds it in base64
        if (!may_be_unsigned)
            return Error(ErrorKind::denied, cat(file, " is a report that nobody signed"))
                .with_remedy("run --sign writes signed ones; --unsafe-allow-unsigned believes it");
        pieces.push_back({registry::EvidenceForm::bundle, *bytes, file, true});
        return pieces;
    }
    auto const text = trim(*bytes);
    if (text.find('\n') != std::string_view::npos && attest::check_json(text).has_value()) {
        pieces.push_back({registry::EvidenceForm::bundle, std::string(text), file, false});
        return pieces; // one bundle that some tool has laid out over several lines
    }
    std::size_t number = 0;
    for (auto const line : split(*bytes, '\n')) {
        ++number;
        if (trim(line).empty())
            continue;
        if (pieces.size() == pieces_max)
            return Error(ErrorKind::limit, cat(file, " holds more than ", pieces_max, " bundles"));
        pieces.push_back(
            {registry::EvidenceForm::bundle, std::string(line), cat(file, ":", number), false});
    }
    return pieces;
}

io::Task<Result<std::vector<Piece>>> pieces_of_registry(io::World& world,
                                                        registry::Options options,
                                                        image::Reference reference,
                                                        PiecesWish asked,
                                                        Deadline deadline) {
    registry::EvidenceWish wish;
    wish.is_envelope_wanted = asked.is_envelope_wanted;
    wish.memory = std::move(asked.memory);
    // What a run will replace is read now, while it has to wait for Clair.
    wish.wants = wish.memory ? may_be_replaced : is_wanted;
    wish.note = [&world](std::string_view text) {
        world.log.warning("evidence was left out", {{"reason", std::string(text)}});
    };
    registry::EvidenceLimits const bounds;
    CO_TRY(auto found,
           co_await registry::find_evidence(
               world, std::move(options), reference, wish, bounds, deadline));
    std::vector<Piece> pieces;
    for (auto& one : found) {
        if (!is_wanted(one.predicate_type))
            continue;
        auto where = cat(reference.repository().text(), "@", one.manifest.text());
        pieces.push_back({one.form, std::move(one.bytes), std::move(where), false});
    }
    co_return pieces;
}

io::Task<Result<std::optional<sign::PublicKey>>>
trusted_key(io::World& world, TrustChoice trust, Deadline deadline) {
    if (!trust.key)
        co_return std::optional<sign::PublicKey>();
    sign::SignerContext context{world, {}};
    auto key = co_await sign::public_key_of(context, *trust.key, deadline);
    if (!key.has_value())
        co_return key.error().with_context("--key");
    co_return std::optional(*std::move(key));
}

io::Task<Result<Found>> prove_pieces(io::World& world,
                                     std::vector<Piece> pieces,
                                     std::optional<sign::PublicKey> key,
                                     TrustChoice trust,
                                     Demand demand,
                                     Deadline deadline) {
    Found found;
    for (auto const& piece : pieces) {
        if (piece.is_unsigned) {
            auto report = prove_unsigned_report(piece.bytes, demand, piece.where);
            if (report.has_value())
                found.reports.push_back(*std::move(report));
            else
                found.refusals.push_back(told(report.error(), piece.where));
            continue;
        }
        std::optional<Proof<attest::Envelope>> envelope;
        if (key) {
            envelope = prove_signature(piece.form, piece.bytes, *key);
        } else {
            CO_TRY(auto asked,
                   co_await prove_identity(world, piece.bytes, trust, demand.digest, deadline));
            envelope = std::move(asked);
        }
        if (!envelope->has_value()) {
            found.refusals.push_back(told(envelope->error(), piece.where));
            continue;
        }
        auto report = prove_report((*envelope)->payload, demand, piece.where);
        if (report.has_value())
            found.reports.push_back(*std::move(report));
        else
            found.refusals.push_back(told(report.error(), piece.where));
    }
    co_return found;
}

Result<ProvenReport> newest(Found found, SystemTime now) {
    std::erase_if(found.reports, [&](ProvenReport const& report) {
        if (report.finished <= now + clock_skew_max)
            return false;
        found.refusals.push_back({ProofLayer::time,
                                  cat(report.where,
                                      " failed: it is of ",
                                      to_rfc3339(report.finished),
                                      ", which is still to come")});
        return true;
    });
    auto const best = std::max_element(
        found.reports.begin(), found.reports.end(), [](auto const& a, auto const& b) {
            if (a.finished != b.finished)
                return a.finished < b.finished;
            return badness(a.stored.verdict) < badness(b.stored.verdict);
        });
    if (best == found.reports.end())
        return nothing_counts(found.refusals);
    return std::move(*best);
}

Result<void> check_age(ProvenReport const& report, Duration age_max, SystemTime now) {
    auto const age = std::chrono::duration_cast<Duration>(now - report.finished);
    if (age <= age_max)
        return ok();
    return Error(ErrorKind::denied,
                 cat("no acceptable scan report: the age of ",
                     report.where,
                     " failed: it is of ",
                     to_rfc3339(report.finished),
                     ", ",
                     to_string(age),
                     " old, at most ",
                     to_string(age_max),
                     " count"))
        .with_remedy("scan the image again; --max-age and policy's scan.max_report_age say how "
                     "old a report may be");
}

} // namespace clairgate::gate
