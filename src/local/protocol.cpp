#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/local/supervisor.hpp>

#include <nlohmann/json.hpp>

namespace clairgate::local {

namespace {

using nlohmann::json;

std::string line_of(json const& object) {
    return clairgate::json::dump(object) + "\n";
}

} // namespace

std::string to_line(Wish const& wish) {
    return line_of({{"updaters", wish.updaters}, {"updater_urls", wish.updater_urls}});
}

Result<Wish> parse_wish(std::string_view line) {
    auto const object = TRY(clairgate::json::parse(line));
    Wish wish;
    auto const* const updaters = TRY(clairgate::json::optional_array(object, "updaters"));
    auto const* const urls = TRY(clairgate::json::optional_object(object, "updater_urls"));
    if (updaters != nullptr)
        for (auto const& updater : *updaters)
            if (updater.is_string())
                wish.updaters.push_back(updater.get_ref<std::string const&>());
    if (urls != nullptr)
        for (auto const& [key, url] : urls->items())
            if (url.is_string())
                wish.updater_urls.emplace(key, url.get_ref<std::string const&>());
    return wish;
}

std::string to_line(Event const& event) {
    if (auto const* const progress = std::get_if<ProgressEvent>(&event))
        return line_of(
            {{"event", "progress"}, {"step", progress->step}, {"detail", progress->detail}});
    if (auto const* const ready = std::get_if<ReadyEvent>(&event))
        return line_of({{"event", "ready"},
                        {"url", ready->url},
                        {"psk", ready->psk_base64},
                        {"issuer", ready->psk_issuer}});
    auto const& failed = std::get<FailedEvent>(event);
    return line_of({{"event", "failed"}, {"message", failed.message}, {"remedy", failed.remedy}});
}

Result<Event> parse_event(std::string_view line) {
    using clairgate::json::string;
    auto const object = TRY(clairgate::json::parse(line));
    auto const kind = TRY(string(object, "event"));
    if (kind == "progress") {
        auto step = TRY(string(object, "step"));
        auto detail = TRY(string(object, "detail"));
        return Event(ProgressEvent{std::move(step), std::move(detail)});
    }
    if (kind == "ready") {
        auto url = TRY(string(object, "url"));
        auto psk = TRY(string(object, "psk"));
        auto issuer = TRY(string(object, "issuer"));
        return Event(ReadyEvent{std::move(url), std::move(psk), std::move(issuer)});
    }
    if (kind == "failed") {
        auto message = TRY(string(object, "message"));
        auto remedy = TRY(string(object, "remedy"));
        return Event(FailedEvent{std::move(message), std::move(remedy)});
    }
    return Error(ErrorKind::protocol, cat("unknown event of the engine: ", kind));
}

} // namespace clairgate::local
