#include "http_transfer.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/io/http.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <unordered_map>
#include <utility>

#include <fcntl.h>

namespace clairgate::io {

namespace asio = boost::asio;

namespace {

// curl's standing interest in one of its sockets. The descriptor is a duplicate: Asio and curl both
// close what they are given.
struct Watch {
    Watch(Executor const& executor, int duplicate) : descriptor(executor, duplicate) {}
    asio::posix::stream_descriptor descriptor;
    int wanted = 0;
    bool is_armed[2] = {false, false}; // for reading, for writing
};

enum Direction { reading = 0, writing = 1 };

// A transfer that curl works on: its end is the cancellation of a timer that never fires.
struct Pending {
    Pending(Executor const& executor, std::unique_ptr<Transfer> of)
        : transfer(std::move(of)), done(executor, asio::steady_timer::time_point::max()) {}
    std::unique_ptr<Transfer> transfer;
    asio::steady_timer done;
    std::optional<CURLcode> code;
};

} // namespace

// Lives as long as the client or any transfer; every transfer leaves the multi handle before its
// easy handle is freed. curl's callbacks below only note what curl wants: calling back into curl
// from there is forbidden.
class Http::Impl : public std::enable_shared_from_this<Http::Impl> {
  public:
    Impl(Executor executor, Clock clock, Log const& log, HttpOptions options)
        : executor_(std::move(executor)), clock_(std::move(clock)), log_(log),
          options_(std::move(options)), timer_(executor_) {}
    Impl(Impl const&) = delete;
    Impl& operator=(Impl const&) = delete;
    ~Impl() {
        if (multi_ == nullptr)
            return;
        curl_multi_cleanup(multi_); // closes idle connections, still calling on_socket
        curl_global_cleanup();
    }

    // The client is gone: whoever still waits is told so.
    void close() {
        is_closed_ = true;
        timer_.cancel();
        watches_.clear();
        for (auto const& [easy, pending] : pending_)
            pending->done.cancel();
    }

    static Task<Result<Response>>
    send(std::shared_ptr<Impl> self, Request request, Deadline deadline);

  private:
    // Holds a pending transfer in the multi handle, whichever way the coroutine ends.
    struct Entry {
        std::shared_ptr<Impl> impl;
        Pending pending;
        Entry(std::shared_ptr<Impl> of, std::unique_ptr<Transfer> transfer)
            : impl(std::move(of)), pending(impl->executor_, std::move(transfer)) {
            impl->pending_.emplace(pending.transfer->easy(), &pending);
        }
        Entry(Entry const&) = delete;
        Entry& operator=(Entry const&) = delete;
        ~Entry() {
            impl->pending_.erase(pending.transfer->easy());
            curl_multi_remove_handle(impl->multi_, pending.transfer->easy());
        }
    };

    void open() {
        if (multi_ != nullptr)
            return;
        // Not before the first request: many commands send none, and this takes milliseconds.
        auto const started = curl_global_init(CURL_GLOBAL_DEFAULT);
        CLAIRGATE_ASSERT(started == CURLE_OK);
        multi_ = curl_multi_init();
        CLAIRGATE_ASSERT(multi_ != nullptr);
        curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Impl::on_socket);
        curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, static_cast<void*>(this));
        curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Impl::on_timer);
        curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, static_cast<void*>(this));
    }

    static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* unused) {
        static_cast<void>(unused);
        static_cast<Impl*>(self)->watch(easy, socket, what);
        return 0; // -1 would make curl give up every transfer
    }

    static int on_timer(CURLM* multi, long after_ms, void* self) {
        static_cast<void>(multi);
        static_cast<Impl*>(self)->arm_timer(after_ms);
        return 0;
    }

    void watch(CURL* easy, curl_socket_t socket, int what) {
        if (is_closed_ || what == CURL_POLL_REMOVE) {
            watches_.erase(socket);
            return;
        }
        auto& watch = watches_[socket];
        if (!watch) {
            int const duplicate = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
            if (duplicate < 0) {
                watches_.erase(socket);
                finish(easy, CURLE_COULDNT_CONNECT); // out of descriptors
                return;
            }
            watch = std::make_shared<Watch>(executor_, duplicate);
        }
        watch->wanted = what;
        arm(socket, watch, reading);
        arm(socket, watch, writing);
    }

    // Asio's waits end with one event while curl's interest stands: armed again after each.
    void arm(curl_socket_t socket, std::shared_ptr<Watch> const& watch, Direction direction) {
        int const bit = direction == reading ? CURL_POLL_IN : CURL_POLL_OUT;
        if ((watch->wanted & bit) == 0 || watch->is_armed[direction])
            return;
        watch->is_armed[direction] = true;
        auto const wait = direction == reading ? asio::posix::stream_descriptor::wait_read
                                               : asio::posix::stream_descriptor::wait_write;
        watch->descriptor.async_wait(
            wait,
            [this, socket, direction, weak = std::weak_ptr(watch)](
                boost::system::error_code failed) {
                auto const same = weak.lock();
                if (!same) // curl let go of the socket, or the client is gone
                    return;
                same->is_armed[direction] = false;
                if (failed == asio::error::operation_aborted)
                    return;
                act(socket, direction == reading ? CURL_CSELECT_IN : CURL_CSELECT_OUT);
                auto const found = watches_.find(socket);
                if (found != watches_.end() && found->second == same) // may be another one by now
                    arm(socket, same, direction);
            });
    }

    void arm_timer(long after_ms) {
        if (is_closed_ || after_ms < 0) {
            timer_.cancel();
            return;
        }
        timer_.expires_after(std::chrono::milliseconds(after_ms));
        timer_.async_wait([weak = weak_from_this()](boost::system::error_code cancelled) {
            auto const self = weak.lock();
            if (!cancelled && self && !self->is_closed_)
                self->act(CURL_SOCKET_TIMEOUT, 0);
        });
    }

    void act(curl_socket_t socket, int events) {
        auto const self = shared_from_this();
        int running = 0;
        auto const code = curl_multi_socket_action(multi_, socket, events, &running);
        int left = 0;
        while (auto const* message = curl_multi_info_read(multi_, &left)) {
            if (message->msg == CURLMSG_DONE)
                finish(message->easy_handle, message->data.result);
        }
        CLAIRGATE_ASSERT(code == CURLM_OK); // anything else is a misuse of curl
    }

    void finish(CURL* easy, CURLcode code) {
        auto const found = pending_.find(easy);
        if (found == pending_.end())
            return;
        found->second->code = code;
        found->second->done.cancel();
    }

    void log(Entry const& entry, SteadyTime start, Result<Response> const& outcome) const {
        if (!log_.enabled(LogLevel::debug))
            return;
        auto const taken = std::chrono::duration_cast<Duration>(clock_.steady() - start).count();
        auto const& request = entry.pending.transfer->request();
        auto const status = outcome.has_value() ? cat(outcome->status)
                                                : std::string(to_string(outcome.error().kind()));
        auto const bytes = outcome.has_value() ? outcome->body.size() : 0;
        log_.debug("http",
                   {{"method", request.method},
                    {"url", request.url.redacted()},
                    {"status", status},
                    {"bytes", cat(bytes)},
                    {"ms", cat(taken)}});
    }

    Executor executor_;
    Clock clock_;
    Log const& log_;
    HttpOptions options_;
    asio::steady_timer timer_;
    CURLM* multi_ = nullptr;
    std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches_;
    std::unordered_map<CURL*, Pending*> pending_;
    bool is_closed_ = false;
};

Task<Result<Response>>
Http::Impl::send(std::shared_ptr<Impl> self, Request request, Deadline deadline) {
    auto const start = self->clock_.steady();
    auto const time_left = std::min(deadline.remaining(self->clock_), request.time_cap);
    self->open();
    CO_TRY(auto transfer, Transfer::make(std::move(request), self->options_, time_left));
    Entry entry(self, std::move(transfer));
    auto const added = curl_multi_add_handle(self->multi_, entry.pending.transfer->easy());
    CLAIRGATE_ASSERT(added == CURLM_OK);
    co_await entry.pending.done.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!entry.pending.code)
        co_return Error(ErrorKind::cancelled, "the request was cancelled");
    auto outcome = entry.pending.transfer->outcome(*entry.pending.code);
    self->log(entry, start, outcome);
    co_return outcome;
}

Http::Http(Executor executor, Clock clock, Log const& log, HttpOptions options)
    : impl_(
          std::make_shared<Impl>(std::move(executor), std::move(clock), log, std::move(options))) {}

Http::~Http() {
    impl_->close();
}

Task<Result<Response>> Http::send(Request request, Deadline deadline) {
    return Impl::send(impl_, std::move(request), deadline);
}

} // namespace clairgate::io
